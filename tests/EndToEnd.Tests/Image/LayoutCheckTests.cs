using System.Text.Json.Nodes;
using AgentRuntime.Image;
using AgentRuntime.Image.Checking;
using AgentRuntime.Image.Layers;
using AgentRuntime.Image.Layout;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Image;

/// <summary>A small image, and what the check says of it once something is wrong.</summary>
public sealed class LayoutCheckTests : IDisposable
{
    private const UnixFileMode ByOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly Checkout Made = new("/", "0123abc", DateTimeOffset.UnixEpoch.AddDays(20_000));

    private readonly ScratchFolder _folder = ScratchFolder.Make();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OnAWholeImage_FindsNothing()
    {
        Write(Entries());
        var found = new LayoutCheck(_folder.Path).Run();
        Assert.Empty(found.Faults);
        Assert.Equal((2, 7), (found.Packages, found.Blobs));
    }

    [Theory]
    [InlineData("setuid", "setuid")]
    [InlineData("open", "writable by all")]
    [InlineData("owned", "belongs to the user")]
    [InlineData("foreign", "belongs to 1000:1000")]
    [InlineData("key", "holds a key")]
    [InlineData("pfx", "looks like a secret")]
    [InlineData("outside", "leads out of the root")]
    [InlineData("package", "does not list more 1.0")]
    [InlineData("program", "is no program in the image")]
    [InlineData("volume", "is no folder of user 65532")]
    public void Run_OnAnImageWithAFault_NamesIt(string plant, string fault)
    {
        var entries = Entries();
        if (plant is "program") entries.RemoveAll(entry => entry.Path == "app/AgentRuntime.Silo");
        if (plant is "volume") entries.RemoveAll(entry => entry.Path == "data");
        if (Planted(plant) is { } planted) entries.Add(planted);
        Write(entries);
        Assert.Contains(new LayoutCheck(_folder.Path).Run().Faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OnABlobThatChanged_NamesItsHash()
    {
        var layer = Write(Entries());
        var path = _folder.At("blobs", "sha256", layer);
        var bytes = File.ReadAllBytes(path);
        bytes[^20] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(new LayoutCheck(_folder.Path).Run().Faults, fault => fault.StartsWith($"sha256:{layer} has the hash", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OnAFileBeside_NamesIt()
    {
        Write(Entries());
        File.WriteAllText(_folder.At("blobs", "sha256", "beside"), "");
        Assert.Contains("Nothing refers to 'blobs/sha256/beside'.", new LayoutCheck(_folder.Path).Run().Faults);
    }

    [Fact]
    public void Write_OfTheSameEntriesInAnotherOrder_GivesTheSameBytes()
    {
        var (one, two) = (new MemoryStream(), new MemoryStream());
        Assert.Equal(LayerWriter.Write(one, Entries(), Made.Epoch), LayerWriter.Write(two, Entries().AsEnumerable().Reverse(), Made.Epoch));
        Assert.Equal(one.ToArray(), two.ToArray());
    }

    // The name of the layer's blob.
    private string Write(List<RootEntry> entries)
    {
        var writer = new ImageWriter(_folder.Path, "1.2.3", Made);
        var document = new JsonObject
        {
            ["packages"] = new JsonArray(
                new JsonObject { ["name"] = "agent-runtime-silo", ["versionInfo"] = "1.2.3", ["licenseDeclared"] = "MIT" },
                new JsonObject { ["name"] = "Some", ["versionInfo"] = "2.0", ["licenseDeclared"] = "MIT", ["checksums"] = new JsonArray() }),
        };
        var manifest = writer.Add(Platform.All[0], [("everything", entries)], document);
        writer.Finish();
        var read = JsonNode.Parse(File.ReadAllBytes(_folder.At("blobs", "sha256", manifest.Digest.Split(':')[1])))!;
        return ((string)read["layers"]![0]!["digest"]!).Split(':')[1];
    }

    private static List<RootEntry> Entries() =>
    [
        RootEntry.File("app/AgentRuntime.Silo", [0x7f], isProgram: true),
        RootEntry.Text("app/AgentRuntime.Silo.deps.json", """{ "libraries": { "Some/2.0": { "type": "package" }, "Own/1.0": { "type": "project" } } }"""),
        RootEntry.Link("lib", "usr/lib"),
        RootEntry.Folder("data", 65532, ByOwner | UnixFileMode.UserExecute),
    ];

    private static RootEntry? Planted(string plant) => plant switch
    {
        "setuid" => RootEntry.Text("app/x", "") with { Mode = ByOwner | UnixFileMode.SetUser },
        "open" => RootEntry.Text("app/x", "") with { Mode = ByOwner | UnixFileMode.OtherWrite },
        "owned" => RootEntry.Text("app/x", "") with { Owner = 65532 },
        "foreign" => RootEntry.Folder("app/x", 1000),
        "key" => RootEntry.Text("app/x", "-----BEGIN PRIVATE KEY-----\n"),
        "pfx" => RootEntry.Text("app/x.pfx", ""),
        "outside" => RootEntry.Text("app/../../x", ""),
        "package" => RootEntry.Text("var/lib/dpkg/status.d/more", "Package: more\nVersion: 1.0\n"),
        _ => null,
    };
}
