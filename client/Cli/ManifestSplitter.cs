using System.Text.RegularExpressions;

namespace AgentRuntime.Cli;

/// <summary>
/// Cuts a YAML file into its documents, because one call carries one. Each is padded with empty lines to where it was, so that the server's
/// line numbers are the file's.
/// </summary>
internal static partial class ManifestSplitter
{
    /// <exception cref="CliException">The file is not there, holds nothing, or names a resource twice.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new CliException(ExitCode.Usage, $"{path}: is not there.");
        var documents = Split(await File.ReadAllTextAsync(path, cancellation));
        if (documents.Count == 0) throw new CliException(ExitCode.Usage, $"{path}: holds no manifest.");
        var twice = documents.Select(NameOf).OfType<string>().GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? documents : throw new CliException(ExitCode.Usage, $"{path}: '{twice.Key}' is there twice; remove one.");
    }

    public static IReadOnlyList<string> Split(string yaml)
    {
        var documents = new List<string>();
        var lines = yaml.ReplaceLineEndings("\n").Split('\n');
        var begin = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            // A line that begins with --- ends a document wherever it stands: even a block of text cannot hold one.
            if (i < lines.Length && !IsMark(lines[i])) continue;
            var document = lines[begin..i];
            if (document.Any(HasContent)) documents.Add(new string('\n', begin) + string.Join('\n', document) + "\n");
            begin = i + 1;
        }

        return documents;
    }

    private static bool IsMark(string line) => line == "---" || line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("---\t", StringComparison.Ordinal);

    private static bool HasContent(string line) => line.AsSpan().TrimStart() is { Length: > 0 } text && text[0] != '#';

    private static string? NameOf(string document) =>
        (KindKey().Match(document), NameKey().Match(document)) is ({ Success: true } kind, { Success: true } name)
            ? $"{kind.Groups[1].Value} {name.Groups[1].Value}"
            : null;

    [GeneratedRegex(@"^kind:\s*(\S+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex KindKey();

    [GeneratedRegex(@"^name:\s*(\S+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex NameKey();
}
