using System.Formats.Tar;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Silo.Tests.Embedded.Formats;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>What a backup holds, and what is refused. What becomes of runs is in <see cref="RestoredRunsTests"/>.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private static readonly string Large = "large-result" + new string('x', 70_000);

    private readonly ScratchFolder _place = new();
    private StoreBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Target => _place.At("restored");

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.OpenAsync();
        Directory.CreateDirectory(_place.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _place.Dispose();
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("backup.tar")]
    public async Task RestoreAsync_OfABackup_HasEverythingUnderAnotherCluster(string name)
    {
        await _bench.SetRetentionAsync(new RetentionSettings(30, []));
        var open = await _bench.AddRunAsync("open", large: Large);
        var ended = await _bench.AddRunAsync("ended", endedAt: StoreBench.Now);

        var manifest = await TakeAsync(_place.At(name));
        Assert.Equal(new StoreContents(2, 1, 0, 11, 1), manifest.Contents);
        Assert.Equal([name], Directory.EnumerateFileSystemEntries(_place.Path).Select(Path.GetFileName));
        var result = await RestoreAsync(_place.At(name));

        Assert.Equal((1, manifest.Contents), (result.PausedRuns, result.Contents));
        var folder = await DataFolder.OpenExistingAsync(Target, TimeProvider.System, Stop);
        Assert.NotEqual(_bench.Folder.Format.ClusterId, folder.Format.ClusterId);
        Assert.Equal(_bench.Folder.DeriveKey("artifacts"), folder.DeriveKey("artifacts"));
        await using var store = AgentRuntime.Embedded.RunStore.Open(folder, "");
        var journal = new AgentRuntime.Embedded.Journal.SqliteRunJournal(store.Journal);
        Assert.Equal(7, (await journal.ReadAsync(open, 0, 100, int.MaxValue, Stop)).Count);
        Assert.Equal(6, (await journal.ReadAsync(ended, 0, 100, int.MaxValue, Stop)).Count);
        using var states = AgentRuntime.Embedded.GrainState.OfflineGrainState.Open(folder, "");
        Assert.Equal(30, (await new AgentRuntime.Embedded.Retention.StoredTenants(states.Storage).FindAsync(RunCast.Tenant))!.Retention!.DefaultDays);

        // A restored folder is backed up and restored like any other.
        await new BackupTaker(folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_place.At("second"), Stop);
        await new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_place.At("second"), _place.At("third"), Stop);
        var third = await DataFolder.OpenExistingAsync(_place.At("third"), TimeProvider.System, Stop);
        Assert.Equal(_bench.Folder.DeriveKey("artifacts"), third.DeriveKey("artifacts"));
        Assert.Equal(3, new[] { _bench.Folder, folder, third }.Select(each => each.Format.ClusterId).Distinct().Count());
    }

    [Fact]
    public async Task TakeAsync_Files_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await _bench.AddRunAsync("one", large: Large);
        await TakeAsync(_place.At("backup"));
        await TakeAsync(_place.At("backup.tar"));
        await RestoreAsync(_place.At("backup.tar"));
        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        foreach (var path in Directory.EnumerateFileSystemEntries(_place.Path, "*", SearchOption.AllDirectories))
            Assert.True((File.GetUnixFileMode(path) & Others) == 0, path);
    }

    [Fact]
    public async Task TakeAsync_AfterPruning_HoldsNothingThatWasPruned()
    {
        await _bench.SetRetentionAsync(new RetentionSettings(30, []));
        await _bench.AddRunAsync("long-gone", endedAt: StoreBench.Now.AddDays(-300), large: "long-gone" + Large);
        await _bench.AddRunAsync("still-here", endedAt: TimeProvider.System.GetUtcNow());
        await new AgentRuntime.Embedded.Retention.FolderPruner(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).PruneAsync(Stop);

        var manifest = await TakeAsync(_place.At("backup.tar"));
        Assert.Equal((2, 1), (manifest.Contents.Runs, manifest.Contents.PrunedRuns));
        var bytes = await File.ReadAllBytesAsync(_place.At("backup.tar"), Stop);
        Assert.True(bytes.AsSpan().IndexOf("long-gone"u8) < 0);
        Assert.True(bytes.AsSpan().IndexOf("still-here"u8) >= 0);
        Assert.Equal(1, (await RestoreAsync(_place.At("backup.tar"))).Contents.PrunedRuns);
    }

    [Fact]
    public async Task TakeAsync_ArtifactIsGone_IsRefusedNamingIt()
    {
        await _bench.AddRunAsync("one", large: Large);
        var file = Directory.EnumerateFiles(_bench.At("artifacts"), "*", SearchOption.AllDirectories).Single();
        File.Delete(file);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => TakeAsync(_place.At("backup")));
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains(Path.GetFileName(file), failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    [Fact]
    public async Task TakeAsync_TargetIsThereOrWithinTheFolder_IsRefused()
    {
        Directory.CreateDirectory(_place.At("full", "of"));
        await File.WriteAllTextAsync(_place.At("file.tar"), "", Stop);
        foreach (var target in new[] { _place.At("full"), _place.At("file.tar") })
            Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => TakeAsync(target))).Code);
        foreach (var path in new[] { _bench.Folder.Path, _bench.Folder.Path + '/' })
        {
            var folder = await DataFolder.OpenExistingAsync(path, TimeProvider.System, Stop);
            var taker = new BackupTaker(folder, TimeProvider.System, new Progress<WorkStep>());
            foreach (var target in new[] { _bench.At("backup"), _bench.At("backup") + '/', _bench.Folder.Path + '/' })
                Assert.Equal(ErrorCode.InvalidArgument, (await Assert.ThrowsAsync<AgentRuntimeException>(() => taker.TakeAsync(target, Stop))).Code);
        }
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
        await _bench.SetRetentionAsync(null);
        await _bench.AddRunAsync("one", large: Large);
        await TakeAsync(_place.At("backup"));
        var path = file == "artifact"
            ? Directory.EnumerateFiles(_place.At("backup", "artifacts"), "*", SearchOption.AllDirectories).Single()
            : _place.At("backup", file);
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
        await _bench.AddRunAsync("one", large: Large);
        await TakeAsync(_place.At("backup"));
        Directory.CreateDirectory(Path.GetDirectoryName(_place.At("backup", file))!);
        await File.WriteAllTextAsync(_place.At("backup", file), "planted", Stop);
        await RequireRefusedAsync("planted");
    }

    [Theory]
    [InlineData("format", "format")]
    [InlineData("keys", "keys/root.key")]
    [InlineData("keys/root.key/in-a-file", "keys/root.key")]
    public async Task RestoreAsync_ArchiveWithEntriesThatMeet_IsRefusedAsDamaged(string entry, string named)
    {
        await _bench.AddRunAsync("one");
        await TakeAsync(_place.At("whole"));
        await using (var file = File.Create(_place.At("backup")))
        await using (var tar = new TarWriter(file))
        {
            var isFirst = named.StartsWith(entry + '/', StringComparison.Ordinal);
            if (isFirst) await AddAsync(tar, entry);
            foreach (var path in Directory.EnumerateFiles(_place.At("whole"), "*", SearchOption.AllDirectories))
                await tar.WriteEntryAsync(path, Path.GetRelativePath(_place.At("whole"), path), Stop);
            if (!isFirst) await AddAsync(tar, entry);
        }

        Directory.Delete(_place.At("whole"), recursive: true);
        await RequireRefusedAsync(named);
    }

    /// <summary>Where the copy has no room is said, and not that the folder which is copied has none.</summary>
    [Theory]
    [InlineData("backup", true)]
    [InlineData("backup", false)]
    [InlineData("backup.tar", true)]
    public async Task TakeAsync_TargetsDiskIsFull_IsSaidOfTheTargetAndNothingIsLeft(string name, bool inArtifacts)
    {
        for (var i = 0; i < 30; i++) await _bench.AddRunAsync("one", large: inArtifacts ? i + Large : null, padding: inArtifacts ? 100 : 60_000);
        using var disk = FullDisk.Mount(megabytes: 1);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => TakeAsync(Path.Combine(disk.Path, name)));
        Assert.Equal(ErrorCode.StorageExhausted, failure.Code);
        Assert.Contains(disk.Path, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task RestoreAsync_TargetsDiskIsFull_IsSaidOfTheTargetAndNothingIsLeft()
    {
        for (var i = 0; i < 30; i++) await _bench.AddRunAsync("one", large: i + Large);
        await TakeAsync(_place.At("backup"));
        using var disk = FullDisk.Mount(megabytes: 1);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_place.At("backup"), Path.Combine(disk.Path, "restored"), Stop));
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
        await _bench.AddRunAsync("one");
        await TakeAsync(_place.At("backup"));
        var manifest = await File.ReadAllTextAsync(_place.At("backup", "backup.json"), Stop);
        await File.WriteAllTextAsync(_place.At("backup", "backup.json"), manifest.Replace("\"backup\": 1", "\"backup\": 2", StringComparison.Ordinal).Replace("\"takenBy\": \"", "\"takenBy\": \"9.", StringComparison.Ordinal), Stop);
        await RequireRefusedAsync("9.");
    }

    [Fact]
    public async Task RestoreAsync_IntoAFolderInUseOrFromNothing_IsRefused()
    {
        await _bench.AddRunAsync("one");
        await TakeAsync(_place.At("backup"));
        var restorer = new BackupRestorer(TimeProvider.System, new Progress<WorkStep>());
        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_place.At("backup"), _bench.Folder.Path, Stop))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_place.At("nothing"), Target, Stop))).Code);
        await File.WriteAllTextAsync(_place.At("text"), "no archive", Stop);
        Assert.Equal(ErrorCode.StorageCorrupted, (await Assert.ThrowsAsync<AgentRuntimeException>(() => restorer.RestoreAsync(_place.At("text"), Target, Stop))).Code);
        Directory.CreateDirectory(Target);
        await RestoreAsync(_place.At("backup"));
    }

    [Fact]
    public async Task RestoreAsync_OfTheFirstFormat_IsOfTheNewestOne()
    {
        FirstFormat.Unpack(_place.At("first"));
        var first = await DataFolder.OpenExistingAsync(_place.At("first"), TimeProvider.System, Stop);
        var manifest = await new BackupTaker(first, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_place.At("backup"), Stop);
        Assert.Equal((1, 5, 4, 2), (manifest.FolderFormat, manifest.Contents.Runs, manifest.Contents.OpenRuns, manifest.Contents.Artifacts));
        Assert.Equal(4, (await RestoreAsync(_place.At("backup"))).PausedRuns);
        Assert.Equal(FolderFormat.Current, (await DataFolder.OpenExistingAsync(Target, TimeProvider.System, Stop)).Format.Format);
        Assert.Equal(1, (await DataFolder.OpenExistingAsync(_place.At("first"), TimeProvider.System, Stop)).Format.Format);
    }

    private Task<BackupManifest> TakeAsync(string target) => new BackupTaker(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(target, Stop);

    private Task<RestoreResult> RestoreAsync(string source) => new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(source, Target, Stop);

    private async Task RequireRefusedAsync(string named)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => RestoreAsync(_place.At("backup")));
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["backup"], Directory.EnumerateFileSystemEntries(_place.Path).Select(Path.GetFileName));
    }
}
