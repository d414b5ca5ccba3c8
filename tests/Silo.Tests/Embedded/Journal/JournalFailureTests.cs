using AgentRuntime.Common;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;
using SQLitePCL;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>Disks that are full or broken, and requests that fail: nobody else may notice.</summary>
[Collection<ExchangedFiles>]
public sealed class JournalFailureTests : IAsyncDisposable
{
    private readonly JournalFolder _folder = new();

    [Theory]
    [InlineData(raw.SQLITE_IOERR_WRITE, ErrorCode.Unavailable)]
    [InlineData(raw.SQLITE_FULL, ErrorCode.StorageExhausted)]
    public async Task AppendAsync_NeighbourFails_IsAppendedAllTheSame(int code, ErrorCode expected)
    {
        var run = JournalSamples.NewRun();
        await _folder.Journal.AppendAsync(JournalSamples.Start(run));
        using var held = new HoldingRequest();
        var holding = _folder.Database.Writer.WriteAsync(held).AsTask();

        // All of these wait together, so that they go into one transaction.
        var before = _folder.Journal.AppendAsync(JournalSamples.Next(run, 1)).AsTask();
        var failing = _folder.Database.Writer.WriteAsync(new FailingRequest(code)).AsTask();
        var after = _folder.Journal.AppendAsync(JournalSamples.Next(run, 2)).AsTask();
        held.Release();

        Assert.True(await holding);
        Assert.IsType<AppendResult.Appended>(await before);
        Assert.IsType<AppendResult.Appended>(await after);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => failing);
        Assert.Equal(expected, failure.Code);
        Assert.Equal(3, await CountAsync(run));
    }

    [Fact]
    public async Task AppendAsync_LogHasNoRoom_IsExhaustedAndWorksOnceThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is there on Linux only.");
        var run = JournalSamples.NewRun();
        await _folder.Journal.AppendAsync(JournalSamples.Start(run));
        var next = JournalSamples.Next(run, 1);

        // An erasure empties the log, so that nothing has to be read from the device that has no room; the refused change waits for it.
        await _folder.Journal.EraseAsync(run, 0);
        await _folder.Journal.TryChangeRowAsync(run, "nobody", JournalSamples.Closed());
        using (new FaultyFile(LogPath, "/dev/full"))
        {
            var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => _folder.Journal.AppendAsync(next).AsTask());
            Assert.Equal((ErrorCode.StorageExhausted, true), (failure.Code, failure.IsTransient));
            Assert.Contains(JournalDatabase.FileName, failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await CountAsync(run));
        Assert.IsType<AppendResult.Appended>(await _folder.Journal.AppendAsync(next));
        Assert.Equal(2, await CountAsync(run));
    }

    [Fact]
    public async Task AppendAsync_LogCannotBeSynced_IsAppendedThroughANewConnection()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Exchanges file descriptors as Linux shows them.");
        var run = JournalSamples.NewRun();
        await _folder.Journal.AppendAsync(JournalSamples.Start(run));

        // /dev/null takes every byte and refuses to sync: the commit fails when all seems written.
        using (new FaultyFile(LogPath, "/dev/null"))
            Assert.IsType<AppendResult.Appended>(await _folder.Journal.AppendAsync(JournalSamples.Next(run, 1)));

        Assert.Equal(2, await CountAsync(run));
        Assert.IsType<AppendResult.Appended>(await _folder.Journal.AppendAsync(JournalSamples.Next(run, 2)));
    }

    [Fact]
    public async Task AppendAsync_FullDisk_LosesNothing()
    {
        using var disk = FullDisk.Mount(megabytes: 8);
        await using var database = JournalDatabase.Open(disk.Path);
        var journal = new SqliteRunJournal(database);
        var run = JournalSamples.NewRun();
        await journal.AppendAsync(JournalSamples.Start(run));
        disk.Fill();

        var seq = 1L;
        AgentRuntimeException? refused = null;
        for (; seq < 10_000 && refused is null; seq++)
        {
            try
            {
                await journal.AppendAsync(JournalSamples.Next(run, seq, records: 1));
            }
            catch (AgentRuntimeException failure)
            {
                refused = failure;
                seq--;
            }
        }

        Assert.Equal((ErrorCode.StorageExhausted, true), (refused?.Code, refused?.IsTransient));
        disk.MakeRoom();
        Assert.IsType<AppendResult.Appended>(await journal.AppendAsync(JournalSamples.Next(run, seq)));
        var loaded = await journal.LoadAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(seq + 1, loaded!.Entries.Count);
    }

    [Fact]
    public void Open_FullDisk_IsExhausted()
    {
        using var disk = FullDisk.Mount(megabytes: 1);
        disk.Fill();

        var failure = Assert.Throws<AgentRuntimeException>(() => JournalDatabase.Open(disk.Path));

        Assert.Equal(ErrorCode.StorageExhausted, failure.Code);
    }

    [Fact]
    public async Task EraseAsync_OldBytes_AreInNoFile()
    {
        var run = JournalSamples.NewRun();
        var secret = new JournalEntry(0, [1, 2, 3], "unmistakable-secret-of-a-person"u8.ToArray());
        var large = new JournalEntry(1, [4], [.. Enumerable.Repeat("another-unmistakable-secret"u8.ToArray(), 2000).SelectMany(bytes => bytes)]);
        await _folder.Journal.AppendAsync(JournalSamples.Start(run) with { Entries = [secret, large] });
        Assert.True(FilesContain("unmistakable-secret"u8));

        Assert.True(await _folder.Journal.EraseAsync(run, 0));
        Assert.True(await _folder.Journal.EraseAsync(run, 1));
        await _folder.Journal.AppendAsync(JournalSamples.Next(run, 2));

        Assert.False(FilesContain("unmistakable-secret"u8));
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private string LogPath => Path.Combine(_folder.Path, JournalDatabase.FileName + "-wal");

    private bool FilesContain(ReadOnlySpan<byte> text)
    {
        foreach (var path in Directory.GetFiles(_folder.Path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (bytes.AsSpan().IndexOf(text) >= 0)
                return true;
        }

        return false;
    }

    private async Task<int> CountAsync(RunKey run) =>
        (await _folder.Journal.ReadAsync(run, 0, int.MaxValue, int.MaxValue, TestContext.Current.CancellationToken)).Count;

    /// <summary>Keeps the writer busy until released.</summary>
    private sealed class HoldingRequest : WriteRequest<bool>, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public override int Bytes => 1;

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();

        protected override bool Write(JournalTransaction transaction) =>
            _released.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class FailingRequest(int code) : WriteRequest<bool>
    {
        public override int Bytes => 1;

        protected override bool Write(JournalTransaction transaction) => throw new RawFailure(code, "planted");
    }
}
