using System.Formats.Tar;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Silo.Tests.Embedded.Formats;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>What a folder that is made of a backup holds, and which backups are refused. What becomes of runs is in <see cref="RestoredRunsTests"/>.</summary>
public sealed class BackupRestorerTests : IAsyncLifetime
{
    private static readonly string Large = "large-result" + new string('x', 70_000);

    private BackupBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await BackupBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("backup")]
    [InlineData("backup.tar")]
    public async Task RestoreAsync_OfABackup_HasEverythingUnderAnotherCluster(string name)
    {
        await _bench.Store.SetRetentionAsync(new RetentionSettings(30, []));
        var open = await _bench.Store.AddRunAsync("open", large: Large);
        var ended = await _bench.Store.AddRunAsync("ended", endedAt: StoreBench.Now);

        var manifest = await _bench.TakeAsync(_bench.At(name));
        Assert.Equal(new StoreContents(2, 1, 0, 11, 1), manifest.Contents);
        Assert.Equal([name], _bench.Names());
        var result = await _bench.RestoreAsync(_bench.At(name));

        Assert.Equal((1, manifest.Contents), (result.PausedRuns, result.Contents));
        var folder = await DataFolder.OpenExistingAsync(_bench.Target, TimeProvider.System, Stop);
        Assert.NotEqual(_bench.Store.Folder.Format.ClusterId, folder.Format.ClusterId);
        Assert.Equal(_bench.Store.Folder.DeriveKey("artifacts"), folder.DeriveKey("artifacts"));
        await using var store = AgentRuntime.Embedded.RunStore.Open(folder, "");
        var journal = new AgentRuntime.Embedded.Journal.SqliteRunJournal(store.Journal);
        Assert.Equal(7, (await journal.ReadAsync(open, 0, 100, int.MaxValue, Stop)).Count);
        Assert.Equal(6, (await journal.ReadAsync(ended, 0, 100, int.MaxValue, Stop)).Count);
        using var states = AgentRuntime.Embedded.GrainState.OfflineGrainState.Open(folder, "");
        Assert.Equal(30, (await new AgentRuntime.Embedded.Retention.StoredTenants(states.Storage).FindAsync(RunCast.Tenant))!.Retention!.DefaultDays);

        // A restored folder is backed up and restored like any other.
        await new BackupTaker(folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_bench.At("second"), Stop);
        await new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_bench.At("second"), _bench.At("third"), Stop);
        var third = await DataFolder.OpenExistingAsync(_bench.At("third"), TimeProvider.System, Stop);
        Assert.Equal(_bench.Store.Folder.DeriveKey("artifacts"), third.DeriveKey("artifacts"));
        Assert.Equal(3, new[] { _bench.Store.Folder, folder, third }.Select(each => each.Format.ClusterId).Distinct().Count());
    }

    [Theory]
    [InlineData("backup.json", "backup.json")]
    [InlineData("journal.db", "journal.db")]
    [InlineData("state.db", "state.db")]
    [InlineData("keys/root.key", "root.key")]
    [InlineData("format", "format")]
    [InlineData("artifact", "rtifact")]
    public async Task RestoreAsync_FileChangedOrGone_IsRefusedByNameAndNothingIsMade(string file, string named)
    {
        await _bench.Store.SetRetentionAsync(null);
        await _bench.Store.AddRunAsync("one", large: Large);
        await _bench.TakeAsync(_bench.At("backup"));
        var path = file == "artifact"
            ? Directory.EnumerateFiles(_bench.At("backup", "artifacts"), "*", SearchOption.AllDirectories).Single()
            : _bench.At("backup", file);
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        await RequireRefusedAsync(named);
        File.Delete(path);
        await RequireRefusedAsync(named);
    }

    [Theory]
    [InlineData("planted")]
    [InlineData("keys/planted")]
    [InlineData("artifacts/acme/00/planted")]
    [InlineData("tenants/planted/journal.db")]
    public async Task RestoreAsync_FileThatNoManifestLists_IsRefusedByName(string file)
    {
        await _bench.Store.AddRunAsync("one", large: Large);
        await _bench.TakeAsync(_bench.At("backup"));
        Directory.CreateDirectory(Path.GetDirectoryName(_bench.At("backup", file))!);
        await File.WriteAllTextAsync(_bench.At("backup", file), "planted", Stop);
        await RequireRefusedAsync("planted");
    }

    [Theory]
    [InlineData("format", "format")]
    [InlineData("keys", "keys/root.key")]
    [InlineData("keys/root.key/in-a-file", "keys/root.key")]
    public async Task RestoreAsync_ArchiveWithEntriesThatMeet_IsRefusedAsDamaged(string entry, string named)
    {
        await _bench.Store.AddRunAsync("one");
        await _bench.TakeAsync(_bench.At("whole"));
        await using (var file = File.Create(_bench.At("backup")))
        await using (var tar = new TarWriter(file))
        {
            var isFirst = named.StartsWith(entry + '/', StringComparison.Ordinal);
            if (isFirst) await AddAsync(tar, entry);
            foreach (var path in Directory.EnumerateFiles(_bench.At("whole"), "*", SearchOption.AllDirectories))
                await tar.WriteEntryAsync(path, Path.GetRelativePath(_bench.At("whole"), path), Stop);
            if (!isFirst) await AddAsync(tar, entry);
        }

        Directory.Delete(_bench.At("whole"), recursive: true);
        await RequireRefusedAsync(named);
    }

    [Fact]
    public async Task RestoreAsync_TargetsDiskIsFull_IsSaidOfTheTargetAndNothingIsLeft()
    {
        for (var i = 0; i < 30; i++) await _bench.Store.AddRunAsync("one", large: i + Large);
        await _bench.TakeAsync(_bench.At("backup"));
        using var disk = FullDisk.Mount(megabytes: 1);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_bench.At("backup"), Path.Combine(disk.Path, "restored"), Stop));
        Assert.Equal(ErrorCode.StorageExhausted, failure.Code);
        Assert.Contains(disk.Path, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    private static async Task AddAsync(TarWriter tar, string name)
    {
        using var content = new MemoryStream("planted"u8.ToArray());
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, Stop);
    }

    [Fact]
    public async Task RestoreAsync_OfANewerVersion_IsRefusedNamingIt()
    {
        await _bench.Store.AddRunAsync("one");
        await _bench.TakeAsync(_bench.At("backup"));
        var manifest = await File.ReadAllTextAsync(_bench.At("backup", "backup.json"), Stop);
        await File.WriteAllTextAsync(_bench.At("backup", "backup.json"), manifest.Replace("\"backup\": 1", "\"backup\": 2", StringComparison.Ordinal).Replace("\"takenBy\": \"", "\"takenBy\": \"9.", StringComparison.Ordinal), Stop);
        await RequireRefusedAsync("9.");
    }

    [Fact]
    public async Task RestoreAsync_IntoAFolderInUseOrFromNothing_IsRefused()
    {
        await _bench.Store.AddRunAsync("one");
        await _bench.TakeAsync(_bench.At("backup"));
        var restorer = new BackupRestorer(TimeProvider.System, new Progress<WorkStep>());
        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_bench.At("backup"), _bench.Store.Folder.Path, Stop))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_bench.At("nothing"), _bench.Target, Stop))).Code);
        await File.WriteAllTextAsync(_bench.At("text"), "no archive", Stop);
        Assert.Equal(ErrorCode.StorageCorrupted, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_bench.At("text"), _bench.Target, Stop))).Code);
        Directory.CreateDirectory(_bench.Target);
        await _bench.RestoreAsync(_bench.At("backup"));
    }

    [Fact]
    public async Task RestoreAsync_OfTheFirstFormat_IsOfTheNewestOne()
    {
        FirstFormat.Unpack(_bench.At("first"));
        var first = await DataFolder.OpenExistingAsync(_bench.At("first"), TimeProvider.System, Stop);
        var manifest = await new BackupTaker(first, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_bench.At("backup"), Stop);
        Assert.Equal((1, 5, 4, 2), (manifest.FolderFormat, manifest.Contents.Runs, manifest.Contents.OpenRuns, manifest.Contents.Artifacts));
        Assert.Equal(4, (await _bench.RestoreAsync(_bench.At("backup"))).PausedRuns);
        Assert.Equal(FolderFormat.Current, (await DataFolder.OpenExistingAsync(_bench.Target, TimeProvider.System, Stop)).Format.Format);
        Assert.Equal(1, (await DataFolder.OpenExistingAsync(_bench.At("first"), TimeProvider.System, Stop)).Format.Format);
    }

    private async Task RequireRefusedAsync(string named)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.RestoreAsync(_bench.At("backup")));
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["backup"], _bench.Names());
    }
}
