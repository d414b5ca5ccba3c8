using System.IO.Compression;
using System.Xml.Linq;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>What is in the packages.</summary>
public sealed class PackageTests(PackedLibraries libraries)
{
    private static readonly string[] Libraries =
        ["AgentRuntime.Aws", "AgentRuntime.Client", "AgentRuntime.Client.Embedded", "AgentRuntime.Contracts", "AgentRuntime.Grains", "AgentRuntime.Silo"];

    [Fact]
    public async Task Pack_OfTheSolution_MakesTheLibrariesAndAgentctl_WithSymbols()
    {
        await libraries.PackAsync();

        string[] expected = [.. Libraries.Append("AgentRuntime.Cli").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Ids("*.nupkg"));
        Assert.Equal(expected, Ids("*.snupkg"));
    }

    [Fact]
    public async Task Libraries_SayWhatTheyAre()
    {
        await libraries.PackAsync();

        Assert.All(Libraries, id =>
        {
            using var package = Open(id);
            string[] files = ["README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];
            Assert.All(files, file => Assert.NotNull(package.GetEntry(file)));
            using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
            var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
            string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
            Assert.Equal("MIT", Value("license"));
            Assert.NotEmpty(Value("description"));
            Assert.Contains("agent runtime authors", Value("authors"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Readmes_InPackages_NameNothingThatIsOnlyInTheRepository()
    {
        await libraries.PackAsync();

        Assert.All(Libraries.Append("AgentRuntime.Cli"), id =>
        {
            using var package = Open(id);
            using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
            var text = readme.ReadToEnd();
            Assert.DoesNotMatch(@"\]\((?!https?:)", text);
            Assert.DoesNotContain("--project client/Cli", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Readme_OfTheEmbeddedRuntime_IsWholeButForLinks()
    {
        await libraries.PackAsync();

        using var package = Open("AgentRuntime.Client.Embedded");
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        var source = Repository.ProgramOf("client/Embedded/README.md", "## Testing an agent");
        Assert.Contains(source.ReplaceLineEndings(), (await readme.ReadToEndAsync(TestContext.Current.CancellationToken)).ReplaceLineEndings(), StringComparison.Ordinal);
    }

    /// <summary>The samples are the program's; a program that hosts the library wants none of them.</summary>
    [Fact]
    public async Task Silo_BringsNoFilesOfTheDemo()
    {
        await libraries.PackAsync();

        using var package = Open("AgentRuntime.Silo");
        Assert.DoesNotContain(package.Entries, entry => entry.FullName.StartsWith("content", StringComparison.OrdinalIgnoreCase));
    }

    private ZipArchive Open(string id) => ZipFile.OpenRead(Directory.EnumerateFiles(libraries.Folder, $"{id}.0*.nupkg").Single());

    private string[] Ids(string pattern) =>
        [.. Directory.EnumerateFiles(libraries.Folder, pattern).Select(path => Path.GetFileName(path).Split(".0.0.0-")[0]).Order(StringComparer.Ordinal)];
}
