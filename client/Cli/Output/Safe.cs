using System.Globalization;
using System.Text;

namespace AgentRuntime.Cli.Output;

/// <summary>Makes text that a tenant or a model wrote harmless for a terminal: nothing in it moves the cursor, colours or turns the line around.</summary>
internal static class Safe
{
    public const int MaxCellChars = 120;

    /// <summary>One line; control, bidi, invisible and unassigned characters are shown as <c>\u{hex}</c>.</summary>
    public static string Text(string? text, int maxChars = int.MaxValue)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = new StringBuilder(Math.Min(text.Length, 256));
        foreach (var rune in text.EnumerateRunes())
        {
            if (safe.Length >= maxChars) return safe.Append('…').ToString();
            if (rune.Value == '\n') safe.Append("\\n");
            else if (rune.Value == '\t') safe.Append(' ');
            else if (IsPlain(rune)) safe.Append(rune.ToString());
            else safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return safe.ToString();
    }

    /// <summary>As <see cref="Text"/>, but lines stay lines.</summary>
    public static string Lines(string? text) => string.Join('\n', (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => Text(line)));

    /// <summary>Whether a character is shown as it is.</summary>
    // Half of a pair is not text; it arrives here as the replacement character.
    public static bool IsPlain(Rune rune) => !IsBlank(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    // Joiners, fillers and variation selectors show nothing of their own: two texts that differ in them alone look the same.
    private static bool IsBlank(int rune) => rune is 0xFFFD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800
        or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
