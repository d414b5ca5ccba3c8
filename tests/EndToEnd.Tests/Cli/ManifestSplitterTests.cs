extern alias cli;

using AgentRuntime.Testing;
using cli::AgentRuntime.Cli;

namespace AgentRuntime.EndToEnd.Tests.Cli;

public sealed class ManifestSplitterTests
{
    [Fact]
    public void Split_Documents_KeepTheirLineNumbers()
    {
        var documents = ManifestSplitter.Split("# head\nkind: A\n---\nkind: B\ntext: |\n  --- not a mark\n\n--- # note\n\nkind: C\n");
        Assert.Equal(3, documents.Count);
        Assert.Equal([2, 4, 10], documents.Select(document => Array.FindIndex(document.Split('\n'), line => line.StartsWith("kind", StringComparison.Ordinal)) + 1));
        Assert.Contains("  --- not a mark", documents[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("---\n---\n")]
    [InlineData("# only a comment\n---\n   \n")]
    public void Split_NoContent_GivesNothing(string yaml) => Assert.Empty(ManifestSplitter.Split(yaml));

    [Fact]
    public async Task ReadAsync_NameTwice_IsRefusedBeforeAnythingIsSent()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Path);
        var file = folder.At("agents.yaml");
        await File.WriteAllTextAsync(file, "kind: Agent\nname: a\n---\nname: a\nkind: Agent\n", TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<CliException>(() => ManifestSplitter.ReadAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("'Agent a' is there twice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NoFile_NamesIt() => Assert.Contains(
        "/no/such/file",
        (await Assert.ThrowsAsync<CliException>(() => ManifestSplitter.ReadAsync("/no/such/file", TestContext.Current.CancellationToken))).Message,
        StringComparison.Ordinal);
}
