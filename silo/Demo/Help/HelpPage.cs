namespace AgentRuntime.Demo.Help;

/// <summary>One page of the help.</summary>
/// <param name="Page">Its file name without ending.</param>
/// <param name="Title">Its first heading.</param>
/// <param name="Text">The rest.</param>
internal sealed record HelpPage(string Page, string Title, string Text)
{
    public const int MaxPages = 10_000;
    public const int MaxBytes = 256 * 1024;

    /// <summary>The Markdown files of a folder, in order of their names.</summary>
    public static IReadOnlyList<HelpPage> ReadAll(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal).Take(MaxPages)
            .Where(file => new FileInfo(file).Length <= MaxBytes)
            .Select(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))),
    ];

    private static HelpPage Parse(string page, string markdown)
    {
        var lines = markdown.Split('\n');
        var heading = Array.FindIndex(lines, line => line.StartsWith("# ", StringComparison.Ordinal));
        return heading < 0
            ? new HelpPage(page, page, markdown)
            : new HelpPage(page, lines[heading][2..].Trim(), string.Join('\n', lines[(heading + 1)..]).Trim());
    }
}
