using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for strings: minLength, maxLength, pattern.</summary>
internal sealed class StringRules
{
    private const int StackChars = 256;

    // A character takes at most twelve bytes, as an escaped surrogate pair, and at least one.
    private const int MostBytes = 12;

    public int MinLength { get; set; }

    public int MaxLength { get; set; } = int.MaxValue;

    public SchemaPattern? Pattern { get; set; }

    public string PatternText { get; set; } = "";

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if ((raw.Length > MaxLength || raw.Length < (long)MinLength * MostBytes) && !CheckLength(raw, ref e))
            return false;
        if (Pattern is null)
            return true;
        return (e.Spend(Pattern.Steps(raw.Length)) && Matches(value, raw, e.HasEscapes)) || (e.Collecting && e.Fail("pattern", $"must match {PatternText}"));
    }

    private bool CheckLength(ReadOnlySpan<byte> raw, ref Evaluation e)
    {
        if (!e.Spend(raw.Length / 64))
            return false;
        var length = CodePoints(raw);
        if (length < MinLength)
            return e.Collecting && e.Fail("minLength", $"must have at least {MinLength} characters, has {length}");
        return length <= MaxLength || (e.Collecting && e.Fail("maxLength", $"must have at most {MaxLength} characters, has {length}"));
    }

    /// <summary>Counts characters as JSON Schema does: Unicode code points, an escaped surrogate pair being one.</summary>
    internal static int CodePoints(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\') && Ascii.IsValid(raw))
            return raw.Length;
        var count = 0;
        var escapedHigh = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var b = raw[i];
            if ((b & 0xC0) == 0x80)
                continue;
            if (b != '\\')
            {
                count++;
                escapedHigh = false;
                continue;
            }

            i++;
            var unit = raw[i] == 'u' ? HexUnit(raw.Slice(i + 1, 4)) : -1;
            i += unit >= 0 ? 4 : 0;
            if (unit is >= 0xDC00 and <= 0xDFFF && escapedHigh)
            {
                escapedHigh = false;
                continue;
            }

            escapedHigh = unit is >= 0xD800 and <= 0xDBFF;
            count++;
        }

        return count;
    }

    private static int HexUnit(ReadOnlySpan<byte> digits) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out ushort unit, out _, 'x') ? unit : -1;

    private bool Matches(in JsonElement value, ReadOnlySpan<byte> raw, bool hasEscapes)
    {
        if (hasEscapes && raw.Contains((byte)'\\'))
            return Pattern!.IsMatch(value.GetString()!);
        if (raw.Length <= StackChars)
        {
            Span<char> chars = stackalloc char[StackChars];
            return Pattern!.IsMatch(chars[..Encoding.UTF8.GetChars(raw, chars)]);
        }

        var rented = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            return Pattern!.IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(raw, rented)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
