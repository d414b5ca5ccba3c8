using System.Buffers.Text;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Half of a surrogate pair can be escaped in JSON but is no text: it can be neither compared, nor matched, nor stored as UTF-8. It is
/// found before anything else looks, because every later reader would throw.
/// </summary>
internal static class SurrogatePairs
{
    public static bool HasHalf(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (true)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
                return false;
            at += next;
            var unit = UnitAt(json, at);
            if (unit is < 0xD800 or > 0xDFFF)
            {
                at += 2;
                continue;
            }

            if (unit >= 0xDC00 || UnitAt(json, at + 6) is < 0xDC00 or > 0xDFFF)
                return true;
            at += 12;
        }
    }

    /// <summary>The value of a \u escape that begins at <paramref name="at"/>; -1 when none does.</summary>
    private static int UnitAt(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var used, 'x') && used == 4
            ? unit
            : -1;
}
