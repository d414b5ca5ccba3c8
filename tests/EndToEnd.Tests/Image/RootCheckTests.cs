using AgentRuntime.Image;
using AgentRuntime.Image.Checking;
using AgentRuntime.Image.Layers;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Image;

/// <summary>A layer of one file.</summary>
public sealed class RootCheckTests : IDisposable
{
    private static readonly DateTimeOffset Created = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly ScratchFolder _folder = ScratchFolder.Make();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Add_OfALayerOfTheSameTime_FindsNothing() => Assert.Empty(Faults(Created));

    [Fact]
    public void Add_OfALayerOfAnotherTime_NamesTheFile() =>
        Assert.Equal(["'/app' is of 2024-10-04 00:00:01Z, and the image of 2024-10-04 00:00:00Z.", "'/app/x' is of 2024-10-04 00:00:01Z, and the image of 2024-10-04 00:00:00Z."], Faults(Created.AddSeconds(1)));

    [Fact]
    public void Add_OfALayerUnderTheHashOfAnother_NamesBothHashes() => Assert.Contains(Faults(Created, diff: "sha256:00"), fault => fault.EndsWith("when it is unpacked, not sha256:00.", StringComparison.Ordinal));

    [Fact]
    public void Write_OfAPathTwice_NamesIt()
    {
        var failure = Assert.Throws<ImageException>(() => LayerWriter.Write(Stream.Null, [RootEntry.Text("app/x", "1"), RootEntry.Text("app/x", "2")], Created));
        Assert.Equal("'/app/x' is in a layer twice.", failure.Message);
    }

    private List<string> Faults(DateTimeOffset time, string? diff = null)
    {
        var findings = new Findings();
        var path = _folder.At("layer");
        string hash;
        using (var file = File.Create(path)) hash = LayerWriter.Write(file, [RootEntry.Text("app/x", "")], time);
        new RootCheck(findings, Created).Add(path, diff ?? hash);
        return findings.Faults;
    }
}
