using NetArchTest.Rules;

namespace AgentRuntime.Architecture.Tests;

/// <summary>The slices stand in one order, and an import points only to the left.</summary>
public sealed class SliceDirectionTests
{
    private static readonly string[] Order =
    [
        "Common", "Events", "Tenants", "Messages", "Agents", "Artifacts", "Memory", "Models", "Policies", "Approvals", "Tools", "Runs", "Releases", "Evals",
    ];

    // These see only Common and Events, and no slice sees them.
    private static readonly string[] Observers = ["Audit", "Slo"];

    public static TheoryData<string> Slices => [.. Order];

    [Theory]
    [MemberData(nameof(Slices))]
    public void Slice_ImportsOnlyToTheLeft(string slice)
    {
        var right = Order.SkipWhile(name => name != slice).Skip(1).Concat(Observers);
        Assert.Empty(Violations(slice, right));
    }

    [Theory]
    [InlineData("Audit")]
    [InlineData("Slo")]
    public void Observer_SeesOnlyCommonAndEvents(string slice) =>
        Assert.Empty(Violations(slice, Order.Except(["Common", "Events"]).Concat(Observers).Except([slice])));

    [Fact]
    public void Check_ARightSliceThatReallyImportsLeft_FindsIt() =>
        Assert.NotEmpty(Violations("Runs", ["Tools"]));

    [Fact]
    public void Namespaces_OfContractsAndGrains_AreSlices()
    {
        var known = Order.Concat(Observers).ToHashSet();
        var others = new[] { ProductAssemblies.Contracts, ProductAssemblies.Grains }
            .SelectMany(ProductAssemblies.WrittenTypes)
            .Where(type => type.Namespace is { } name && !known.Contains(name.Split('.').ElementAtOrDefault(1) ?? ""))
            .Select(type => type.FullName);
        Assert.Empty(others);
    }

    private static IEnumerable<string> Violations(string slice, IEnumerable<string> forbidden)
    {
        var names = forbidden.Select(name => $"AgentRuntime.{name}").ToArray();
        return Types.InAssemblies([ProductAssemblies.Contracts, ProductAssemblies.Grains])
            .That().ResideInNamespaceMatching($@"^AgentRuntime\.{slice}(\.|$)")
            .ShouldNot().HaveDependencyOnAny(names)
            .GetResult().FailingTypeNames ?? [];
    }
}
