using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>What a backup holds, and when none is made.</summary>
public sealed class BackupTakerTests : IAsyncLifetime
{
    private static readonly string Large = "large-result" + new string('x', 70_000);

    private BackupBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await BackupBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task TakeAsync_Files_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await _bench.Store.AddRunAsync("one", large: Large);
        await _bench.TakeAsync(_bench.At("backup"));
        await _bench.TakeAsync(_bench.At("backup.tar"));
        await _bench.RestoreAsync(_bench.At("backup.tar"));
        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        foreach (var path in Directory.EnumerateFileSystemEntries(_bench.Path, "*", SearchOption.AllDirectories))
            Assert.True((File.GetUnixFileMode(path) & Others) == 0, path);
    }

    [Fact]
    public async Task TakeAsync_AfterPruning_HoldsNothingThatWasPruned()
    {
        await _bench.Store.SetRetentionAsync(new RetentionSettings(30, []));
        await _bench.Store.AddRunAsync("long-gone", endedAt: StoreBench.Now.AddDays(-300), large: "long-gone" + Large);
        await _bench.Store.AddRunAsync("still-here", endedAt: TimeProvider.System.GetUtcNow());
        await new AgentRuntime.Embedded.Retention.FolderPruner(_bench.Store.Folder, TimeProvider.System, new Progress<WorkStep>()).PruneAsync(Stop);

        var manifest = await _bench.TakeAsync(_bench.At("backup.tar"));
        Assert.Equal((2, 1), (manifest.Contents.Runs, manifest.Contents.PrunedRuns));
        var bytes = await File.ReadAllBytesAsync(_bench.At("backup.tar"), Stop);
        Assert.True(bytes.AsSpan().IndexOf("long-gone"u8) < 0);
        Assert.True(bytes.AsSpan().IndexOf("still-here"u8) >= 0);
        Assert.Equal(1, (await _bench.RestoreAsync(_bench.At("backup.tar"))).Contents.PrunedRuns);
    }

    [Fact]
    public async Task TakeAsync_ArtifactIsGone_IsRefusedNamingIt()
    {
        await _bench.Store.AddRunAsync("one", large: Large);
        var file = Directory.EnumerateFiles(_bench.Store.At("artifacts"), "*", SearchOption.AllDirectories).Single();
        File.Delete(file);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.TakeAsync(_bench.At("backup")));
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains(Path.GetFileName(file), failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Path));
    }

    [Fact]
    public async Task TakeAsync_TargetIsThereOrWithinTheFolder_IsRefused()
    {
        Directory.CreateDirectory(_bench.At("full", "of"));
        await File.WriteAllTextAsync(_bench.At("file.tar"), "", Stop);
        foreach (var target in new[] { _bench.At("full"), _bench.At("file.tar") })
            Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.TakeAsync(target))).Code);
        foreach (var path in new[] { _bench.Store.Folder.Path, _bench.Store.Folder.Path + '/' })
        {
            var folder = await DataFolder.OpenExistingAsync(path, TimeProvider.System, Stop);
            var taker = new BackupTaker(folder, TimeProvider.System, new Progress<WorkStep>());
            foreach (var target in new[] { _bench.Store.At("backup"), _bench.Store.At("backup") + '/', _bench.Store.Folder.Path + '/' })
                Assert.Equal(ErrorCode.InvalidArgument, (await Assert.ThrowsAsync<AgentRuntimeException>(() => taker.TakeAsync(target, Stop))).Code);
        }
    }

    /// <summary>Where the copy has no room is said, and not that the folder which is copied has none.</summary>
    [Theory]
    [InlineData("backup", true)]
    [InlineData("backup", false)]
    [InlineData("backup.tar", true)]
    public async Task TakeAsync_TargetsDiskIsFull_IsSaidOfTheTargetAndNothingIsLeft(string name, bool inArtifacts)
    {
        for (var i = 0; i < 30; i++) await _bench.Store.AddRunAsync("one", large: inArtifacts ? i + Large : null, padding: inArtifacts ? 100 : 60_000);
        using var disk = FullDisk.Mount(megabytes: 1);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.TakeAsync(Path.Combine(disk.Path, name)));
        Assert.Equal(ErrorCode.StorageExhausted, failure.Code);
        Assert.Contains(disk.Path, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Store.Folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }
}
