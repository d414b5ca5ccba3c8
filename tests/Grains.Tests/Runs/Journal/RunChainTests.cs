using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.Journal;

public sealed class RunChainTests
{
    [Fact]
    public async Task FindFault_Untouched_IsNone()
    {
        var (entries, head) = await ChainAsync();
        Assert.Null(RunChain.FindFault(Key, entries, head));
    }

    [Fact]
    public async Task FindFault_PayloadAndSaltDestroyed_IsNone()
    {
        var (entries, head) = await ChainAsync();
        for (var i = 0; i < entries.Count; i++) entries[i] = entries[i] with { Seal = null };
        Assert.Null(RunChain.FindFault(Key, entries, head));
    }

    [Fact]
    public async Task FindFault_AnyHeaderBitFlipped_NamesIt()
    {
        var (entries, head) = await ChainAsync();
        for (var i = 0; i < entries.Count; i++)
        {
            for (var bit = 0; bit < entries[i].Header.Length * 8; bit += 7)
            {
                var header = entries[i].Header.ToArray();
                header[bit / 8] ^= (byte)(1 << (bit % 8));
                var edited = entries.ToList();
                edited[i] = entries[i] with { Header = header, Seal = null };
                Assert.NotNull(RunChain.FindFault(Key, edited, head));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task FindFault_HeaderDeleted_NamesIt(int index)
    {
        var (entries, head) = await ChainAsync();
        entries.RemoveAt(index);
        Assert.NotNull(RunChain.FindFault(Key, entries, head));
    }

    [Fact]
    public async Task FindFault_PayloadEdited_NamesIt()
    {
        var (entries, head) = await ChainAsync();
        entries[1].Seal![^1] ^= 1;
        Assert.Contains("record 1", RunChain.FindFault(Key, entries, head), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_LargePayload_ComesBackFromTheArtifact()
    {
        var artifacts = new MemoryArtifacts();
        var large = Returned(1) with { Result = new string('x', 5_000_000) };
        var entry = await new EntryWriter(artifacts).WriteAsync(new HeaderFields(Key, 0, "", 0, 0, T0, "tool", default, 0), large, new byte[32]);
        Assert.True(entry.Seal!.Length < 200);
        var stored = await new EntryReader(artifacts).ReadAsync(entry, CancellationToken.None);
        Assert.Equal(large, stored.Record);
    }

    [Fact]
    public async Task ReadAsync_TamperedPayload_IsRefused()
    {
        var (entries, _) = await ChainAsync();
        entries[2].Seal![40] ^= 1;
        var reader = new EntryReader(new MemoryArtifacts());
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => reader.ReadAsync(entries[2], CancellationToken.None).AsTask());
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
    }

    private static async Task<(List<JournalEntry> Entries, byte[] Head)> ChainAsync()
    {
        var writer = new EntryWriter(new MemoryArtifacts());
        var head = new byte[32];
        var entries = new List<JournalEntry>();
        RunRecord[] records = [Started(), Reply(1, Call()), Returned(1), new RunCompleted("done")];
        foreach (var record in records)
            entries.Add(await writer.WriteAsync(new HeaderFields(Key, entries.Count, "", 0, 0, T0, "runtime", default, 0), record, head));
        return (entries, head);
    }

    private sealed class MemoryArtifacts : IArtifactStore
    {
        private readonly Dictionary<string, byte[]> _content = [];

        public Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation)
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(content.Span));
            _content[name] = content.ToArray();
            return Task.FromResult(name);
        }

        public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => Task.FromResult(_content[name]);

        public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => Task.FromResult(_content.Remove(name));
    }
}
