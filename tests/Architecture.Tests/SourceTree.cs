namespace AgentRuntime.Architecture.Tests;

/// <summary>The repository as files.</summary>
internal static class SourceTree
{
    private static readonly string[] Skipped = ["bin", "obj", "node_modules", ".git", "TestResults"];

    /// <summary>The folder that holds Orleans.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths, relative to the root with forward slashes, of the files with <paramref name="extension"/> below <paramref name="folders"/>.</summary>
    public static IReadOnlyList<string> Files(string extension, params string[] folders) =>
        [.. folders.SelectMany(folder => Walk(Path.Combine(Root, folder)))
            .Where(path => Path.GetExtension(path) == extension)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !Skipped.Contains(Path.GetFileName(inner)))
            .SelectMany(Walk))
        : [];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Orleans.sln above the tests.");
        }

        return folder;
    }
}
