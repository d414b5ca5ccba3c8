using System.Globalization;
using System.Text;

namespace AgentRuntime.Common;

/// <summary>Shows text from outside inside a message: short, and without characters that a terminal or a reader takes for something else.</summary>
internal static class Shown
{
    public const int MaxChars = 80;

    public static string Text(string text, int maxChars = MaxChars)
    {
        var shown = new StringBuilder(Math.Min(text.Length, maxChars));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= maxChars) return shown.Append("...").ToString();
            var isPlain = rune.Value != 0xFFFD && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned);
            if (isPlain) shown.Append(rune.ToString());
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return shown.ToString();
    }
}
