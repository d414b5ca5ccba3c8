using System.Text.RegularExpressions;

namespace AgentRuntime.Architecture.Tests;

/// <summary>What files look like.</summary>
public sealed partial class FileTests(ITestOutputHelper output)
{
    private const int MaxLines = 400;
    private static readonly string[] Product = ["contracts", "grains", "silo", "client"];
    private static readonly string[] KindNames = ["Services", "Helpers", "Helper", "Utils", "Util", "Managers", "Manager", "Implementation", "Base", "Impl"];

    [Fact]
    public void Files_AreShort()
    {
        var lengths = SourceTree.Files(".cs", [.. Product, "tests", "deploy"]).ToDictionary(path => path, path => SourceTree.Read(path).Count(letter => letter == '\n'));
        var sorted = lengths.Where(file => !file.Key.StartsWith("tests/", StringComparison.Ordinal)).Select(file => file.Value).Order().ToList();
        output.WriteLine($"{sorted.Count} product files: median {sorted[sorted.Count / 2]}, p90 {sorted[sorted.Count * 9 / 10]}, max {sorted[^1]} lines");
        Assert.DoesNotContain(lengths, file => file.Value > MaxLines);
    }

    [Fact]
    public void NamesOfGenerativeAi_AreSpeltInOneFile()
    {
        var found = SourceTree.Files(".cs", Product).Where(path => SourceTree.Read(path).Contains("\"gen_ai.", StringComparison.Ordinal));
        Assert.Equal(["grains/Common/Telemetry/GenAiNames.cs"], found);
    }

    [Fact]
    public void Folders_AreNotNamedForAKindOfThing()
    {
        var found = SourceTree.Files(".cs", Product).Where(path => path.Split('/')[..^1].Any(KindNames.Contains));
        Assert.Empty(found);
    }

    [Fact]
    public void Types_AreNotNamedForAKindOfThing()
    {
        var found = ProductAssemblies.All.SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => !type.IsNested && KindNames.Any(kind => type.Name.EndsWith(kind, StringComparison.Ordinal)))
            .Where(type => !type.Namespace!.StartsWith("Agentruntime.V1", StringComparison.OrdinalIgnoreCase))
            .Select(type => type.FullName);
        Assert.Empty(found);
    }

    [Fact]
    public void Contracts_HaveOnePublicTypeAFile()
    {
        var types = ProductAssemblies.WrittenTypes(ProductAssemblies.Contracts).Where(type => !type.IsNested).ToLookup(type => type.Name);
        var found = SourceTree.Files(".cs", "contracts")
            .Select(path => (Path: path, Names: TypeDeclaration().Matches(SourceTree.Read(path)).Select(match => match.Groups[1].Value).ToList()))
            .Where(file => file.Names.Count > 1 && !AreOneHierarchy([.. file.Names.SelectMany(name => types[name])]))
            .Select(file => $"{file.Path}: {string.Join(", ", file.Names)}");
        Assert.Empty(found);
    }

    [Fact]
    public void Product_HasNoStubs()
    {
        var found = SourceTree.Files(".cs", Product).Where(path => Stub().IsMatch(SourceTree.Read(path)));
        Assert.Empty(found);
    }

    // A closed hierarchy: an abstract record and the records that derive from it, or such records alone.
    private static bool AreOneHierarchy(IReadOnlyList<Type> types) =>
        types.Select(type => type is { IsAbstract: true, IsSealed: false } ? type : type.BaseType!).Distinct().ToList() is [{ IsAbstract: true } root] && root != typeof(object);

    [GeneratedRegex(@"^public (?:(?:sealed|abstract|static|readonly|partial) )*(?:record struct|record|class|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Stub();
}
