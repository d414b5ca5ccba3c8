using System.Buffers;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>A regular expression of a schema, ready to be matched in time that grows with the text only.</summary>
/// <param name="regex">What it became for the engine of .NET.</param>
/// <param name="pairs">How characters beyond U+FFFF are written for it.</param>
/// <param name="places">Places in it, each as often as its counts repeat it.</param>
internal sealed class SchemaPattern(Regex regex, PairClasses pairs, long places)
{
    private const int StackChars = 256;

    // The look for a range boxes its ends until the runtime has optimised it.
    private static readonly SearchValues<char> Surrogates = SearchValues.Create([.. Enumerable.Range('\ud800', 0x800).Select(static unit => (char)unit)]);

    // At worst each place is followed for each character, which takes about 14 ns: MaxSteps are about half a second then.
    private const int PlacesPerStep = 16;

    /// <summary>What matching so many characters may take, in steps.</summary>
    public int Steps(int chars) => (int)Math.Min(int.MaxValue, 1 + (chars * (1 + places) / PlacesPerStep));

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny(Surrogates))
            return regex.IsMatch(text);
        var rented = text.Length <= StackChars ? null : ArrayPool<char>.Shared.Rent(text.Length);
        var units = rented ?? stackalloc char[StackChars];
        try
        {
            return regex.IsMatch(units[..pairs.Translate(text, units)]);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }
}
