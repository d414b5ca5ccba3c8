using System.Text.Json.Nodes;
using AgentRuntime.Image.Checking;

namespace AgentRuntime.EndToEnd.Tests.Image;

/// <summary>An image of a package of NuGet, a pack of the runtime and a package of Debian, and what its document lacks.</summary>
public sealed class SbomCheckTests
{
    [Fact]
    public void Run_OnADocumentOfAllThatIsThere_FindsNothing() => Assert.Empty(Faults(_ => { }));

    [Theory]
    [InlineData("Some")]
    [InlineData("Microsoft.NETCore.App.Runtime.linux-x64")]
    [InlineData("libc6")]
    public void Run_OnADocumentThatLeavesOneOut_NamesIt(string name) =>
        Assert.Contains($"The document does not list {name} 1.0.", Faults(packages => packages.Remove(Of(packages, name))));

    [Fact]
    public void Run_OnADocumentThatListsMore_NamesIt() => Assert.Equal(["The document lists More 1.0, which is not in the image."], Faults(packages => packages.Add(Package("More"))));

    [Fact]
    public void Run_OnAnotherVersion_NamesBoth() => Assert.Equal(
        ["The document does not list libc6 1.0.", "The document lists libc6 2.0, which is not in the image."], Faults(packages => Of(packages, "libc6")["versionInfo"] = "2.0"));

    [Fact]
    public void Run_WithoutLicenceOrHash_NamesThePackage() => Assert.Equal(["The document knows no licence of Some.", "The document knows no hash of Some."], Faults(packages =>
    {
        Of(packages, "Some")["licenseDeclared"] = "NOASSERTION";
        Of(packages, "Some").AsObject().Remove("checksums");
    }));

    private static List<string> Faults(Action<JsonArray> spoil)
    {
        var findings = new Findings();
        var root = new RootCheck(findings, DateTimeOffset.UnixEpoch);
        root.Texts["app/AgentRuntime.Silo.deps.json"] = """
            { "libraries": { "Some/1.0": { "type": "package" }, "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/1.0": { "type": "runtimepack" }, "Own/1.0": { "type": "project" } } }
            """;
        root.Texts["var/lib/dpkg/status.d/libc6"] = "Package: libc6\nVersion: 1.0\nDescription: C\n more of it\n";
        var packages = new JsonArray(Package("agent-runtime-silo"), Package("Some"), Package("Microsoft.NETCore.App.Runtime.linux-x64"), Package("libc6"));
        spoil(packages);
        SbomCheck.Run(new JsonObject { ["packages"] = packages }, root, findings);
        return findings.Faults;
    }

    private static JsonObject Package(string name) => new() { ["name"] = name, ["versionInfo"] = "1.0", ["licenseDeclared"] = "MIT", ["checksums"] = new JsonArray() };

    private static JsonNode Of(JsonArray packages, string name) => packages.Single(package => (string?)package!["name"] == name)!;
}
