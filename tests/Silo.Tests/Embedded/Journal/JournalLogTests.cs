using System.Security.Cryptography;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>The log does not grow with what is written, and nothing of it gets lost when it begins anew.</summary>
public sealed class JournalLogTests : IAsyncDisposable
{
    private const int Runs = 8;
    private const int Records = 400;
    private const int SealBytes = 50_000;
    private const long MaxLogBytes = 100 << 20;

    private readonly JournalFolder _folder = new();

    [Fact]
    public async Task AppendAsync_MuchMoreThanTheLogHolds_KeepsTheLogShortAndEverythingThere()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => WriteAsync()));

        var log = new FileInfo(Path.Combine(_folder.Path, JournalDatabase.FileName + "-wal")).Length;
        Assert.True(log < MaxLogBytes, $"The log has {log} bytes after {(long)Runs * Records * SealBytes} were written.");
        foreach (var (run, digest) in written)
            Assert.Equal(digest, await DigestAsync(run));
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task<(AgentRuntime.Runs.RunKey Run, string Digest)> WriteAsync()
    {
        var run = JournalSamples.NewRun();
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var seq = 0; seq < Records; seq++)
        {
            var entry = JournalSamples.Entry(seq, SealBytes);
            sha.AppendData(entry.Seal!);
            var append = (seq == 0 ? JournalSamples.Start(run) : JournalSamples.Next(run, seq)) with { Entries = [entry] };
            Assert.IsType<AppendResult.Appended>(await _folder.Journal.AppendAsync(append));
        }

        return (run, Convert.ToHexString(sha.GetHashAndReset()));
    }

    private async Task<string> DigestAsync(AgentRuntime.Runs.RunKey run)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var seq = 0L; ;)
        {
            var page = await _folder.Journal.ReadAsync(run, seq, 100, 1 << 20, TestContext.Current.CancellationToken);
            if (page.Count == 0)
                return Convert.ToHexString(sha.GetHashAndReset());

            foreach (var entry in page)
                sha.AppendData(entry.Seal!);
            seq = page[^1].Seq + 1;
        }
    }
}
