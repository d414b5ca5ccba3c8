using System.Text;

namespace AgentRuntime.Demo.Help;

/// <summary>Cuts English text into the words that a search compares.</summary>
internal static class HelpWords
{
    private static readonly HashSet<string> Stop = new(
        ("a an and any are as at be but by can do does for from had has have how i if in into is it its me my no not of on or our out please so "
            + "still than that the them then there they this to up us was we were what when where which who will with would you your").Split(' '),
        StringComparer.Ordinal);

    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c)) word.Append(char.ToLowerInvariant(c));
            else if (Take(word) is { } done) yield return done;
        }

        if (Take(word) is { } last) yield return last;
    }

    private static string? Take(StringBuilder word)
    {
        if (word.Length == 0) return null;
        var text = word.ToString();
        word.Clear();
        return text.Length < 2 || Stop.Contains(text) ? null : Stem(text);
    }

    // Enough for plurals and the commonest endings: "lamps", "crashes", "charged", "sharing".
    private static string Stem(string word)
    {
        foreach (var ending in (ReadOnlySpan<string>)["ing", "es", "ed", "s", "e"])
            if (word.Length - ending.Length >= 3 && word.EndsWith(ending, StringComparison.Ordinal) && !word.EndsWith("ss", StringComparison.Ordinal))
                return word[..^ending.Length];
        return word;
    }
}
