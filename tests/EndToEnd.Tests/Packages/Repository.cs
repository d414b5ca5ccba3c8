using System.Xml.Linq;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests were built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The one block of C# below a heading of a Markdown file.</summary>
    public static string ProgramOf(string file, string heading) => BlockOf(file, heading, "csharp");

    /// <summary>The one block of a language below a heading of a Markdown file.</summary>
    public static string BlockOf(string file, string heading, string language)
    {
        var begin = $"```{language}";
        var lines = File.ReadAllLines(Path.Combine(Root, file))
            .SkipWhile(line => line != heading).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .ToList();
        Assert.Single(lines, begin);
        return string.Join('\n', lines.SkipWhile(line => line != begin).Skip(1).TakeWhile(line => line != "```")) + '\n';
    }

    /// <summary>The version of a package that the repository pins.</summary>
    public static string VersionOf(string package) => XDocument.Load(Path.Combine(Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orleans.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Orleans.sln above the tests.");
        return folder;
    }
}
