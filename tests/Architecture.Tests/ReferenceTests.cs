using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentRuntime.Architecture.Tests;

/// <summary>Which project may know which.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Foreign = ["AWSSDK", "Grpc", "Google.", "Microsoft.AspNetCore", "Microsoft.Data.Sqlite", "SQLitePCL"];

    [Fact]
    public void ContractsAndGrains_KnowNoCloudNoWireNoWeb()
    {
        var found = new[] { ProductAssemblies.Contracts, ProductAssemblies.Grains }
            .SelectMany(assembly => assembly.GetReferencedAssemblies())
            .Where(reference => Foreign.Any(name => reference.Name!.StartsWith(name, StringComparison.Ordinal)))
            .Select(reference => reference.Name);
        Assert.Empty(found);
    }

    [Fact]
    public void Contracts_KnowsNothingOfOurs_AndGrainsOnlyContracts()
    {
        Assert.Empty(OurReferences(ProductAssemblies.Contracts));
        Assert.Equal(["AgentRuntime.Contracts"], OurReferences(ProductAssemblies.Grains));
    }

    [Fact]
    public void Aws_KnowsNothingOfOurs() => Assert.Empty(OurReferences(ProductAssemblies.Aws));

    [Fact]
    public void Client_CompilesOnlyTheProtosOfContracts()
    {
        var projects = SourceTree.Files(".csproj", "client").Where(path => !path.Contains("/Embedded/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(projects);
        var found = projects.SelectMany(path => ProjectReference().Matches(SourceTree.Read(path)).Select(match => $"{path}: {match.Groups[1].Value}"))
            .Where(reference => !reference.EndsWith("Client.csproj", StringComparison.Ordinal));
        Assert.Empty(found);
    }

    [Fact]
    public void Product_NeverReferencesTests()
    {
        var found = SourceTree.Files(".csproj", "contracts", "grains", "silo", "client")
            .Where(path => ProjectReference().Matches(SourceTree.Read(path)).Any(match => match.Groups[1].Value.Contains("tests/", StringComparison.Ordinal)));
        Assert.Empty(found);
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = SourceTree.Read("Orleans.sln").Replace('\\', '/');
        var missing = SourceTree.Files(".csproj", "contracts", "grains", "silo", "client", "tests", "deploy").Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    private static IEnumerable<string?> OurReferences(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name)
        .Where(name => name!.StartsWith("AgentRuntime", StringComparison.Ordinal));

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex ProjectReference();
}
