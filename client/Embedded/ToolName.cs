using System.Reflection;
using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Tools.Functions;

namespace AgentRuntime.Client.Embedded;

/// <summary>The name of a tool whose method has no other: <c>FindOrderAsync</c> is <c>find-order</c>.</summary>
internal static class ToolName
{
    private const string Suffix = "Async";

    /// <exception cref="InvalidInputException">The method has no name of its own, as a lambda has none.</exception>
    public static string Of(MethodInfo method)
    {
        var written = Written(method.Name);
        if (written.Length > Suffix.Length && written.EndsWith(Suffix, StringComparison.Ordinal)) written = written[..^Suffix.Length];
        var name = Kebab(written);
        return IdFormat.IsValid(name)
            ? name
            : throw new InvalidInputException(FunctionTools.NameOf(method), $"cannot name a tool; give it a name of 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-'.");
    }

    // The compiler calls a local function <Outer>g__Name|0_0, and a lambda something that nobody wrote.
    private static string Written(string name)
    {
        if (!name.Contains('<', StringComparison.Ordinal)) return name;
        var from = name.IndexOf(">g__", StringComparison.Ordinal);
        var to = name.LastIndexOf('|');
        return from >= 0 && to > from ? name[(from + 4)..to] : "";
    }

    /// <summary><c>ReadURLFor</c> and <c>read_url_for</c> are both <c>read-url-for</c>.</summary>
    public static string Kebab(string name)
    {
        var kebab = new StringBuilder(name.Length + 8);
        for (var at = 0; at < name.Length; at++)
        {
            var letter = name[at] == '_' ? '-' : name[at];
            var beginsWord = char.IsAsciiLetterUpper(letter) && at > 0 && (!char.IsAsciiLetterUpper(name[at - 1]) || (at + 1 < name.Length && char.IsAsciiLetterLower(name[at + 1])));
            if (beginsWord && kebab.Length > 0 && kebab[^1] != '-') kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString().Trim('-');
    }
}
