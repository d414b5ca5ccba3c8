using AgentRuntime.Common;
using AgentRuntime.Embedded;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Segments;

/// <summary>Backup, restoring and pruning of a data folder with a segment. Its tenant is called like the folder of artifacts.</summary>
public sealed class SegmentLifeTests : IAsyncLifetime
{
    private static readonly TenantId Segment = TenantId.Parse("artifacts");
    private static readonly TenantId Other = TenantId.Parse("other");
    private static readonly string Large = new('x', 70_000);

    private readonly ScratchFolder _place = new();
    private StoreBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.OpenAsync();
        Directory.CreateDirectory(_place.Path);
        await _bench.SetRetentionAsync(new RetentionSettings(30, []), Other);
        await _bench.AddRunAsync("shared-open", tenant: Other);
        await _bench.AddRunAsync("shared-old", tenant: Other, endedAt: StoreBench.Now.AddDays(-300), large: "shared-old" + Large);
        await _bench.EnterSegmentAsync(Segment);
        await _bench.SetRetentionAsync(new RetentionSettings(30, []), Segment);
        await _bench.AddRunAsync("segment-open", tenant: Segment, large: "segment-open" + Large);
        await _bench.AddRunAsync("segment-old", tenant: Segment, endedAt: StoreBench.Now.AddDays(-300), large: "segment-old" + Large);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task Restore_OfABackup_HasEverySegment()
    {
        var manifest = await new BackupTaker(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_place.At("backup"), Stop);
        Assert.Equal((4, 2, 3), (manifest.Contents.Runs, manifest.Contents.OpenRuns, manifest.Contents.Artifacts));
        Assert.Equal(
            ["journal.db", "state.db", "tenants/artifacts/journal.db", "tenants/artifacts/state.db"],
            manifest.Files.Select(file => file.Path).Where(path => path.EndsWith(".db", StringComparison.Ordinal)).Order());

        var result = await new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_place.At("backup"), _place.At("restored"), Stop);

        Assert.Equal((2, manifest.Contents), (result.PausedRuns, result.Contents));
        var folder = await DataFolder.OpenExistingAsync(_place.At("restored"), TimeProvider.System, Stop);
        Assert.Equal([Segment], FolderLayout.SegmentsIn(folder.Path));
        var place = FolderLayout.PlaceOf(Segment);
        await using var store = RunStore.Open(folder, place);
        Assert.Equal(2, (await new SqliteRunCatalog(store.Journal).ListAsync(Segment, new RunQuery(10), Stop)).Runs.Count);
        using var states = OfflineGrainState.Open(folder, place);
        Assert.NotNull(await new StoredTenants(states.Storage).FindAsync(Segment));
        Assert.Null(await new StoredTenants(states.Storage).FindAsync(Other));
    }

    [Fact]
    public async Task Restore_OfABackupWhoseSegmentWasChanged_IsRefused()
    {
        await new BackupTaker(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(_place.At("backup"), Stop);
        var file = _place.At("backup", "tenants", "artifacts", "journal.db");
        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Stop);

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_place.At("backup"), _place.At("restored"), Stop));

        Assert.Contains("tenants/artifacts/journal.db was changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_OfTheFolder_LeavesNothingExpiredInAnySegment()
    {
        string[] secrets = ["shared-open", "shared-old", "segment-open", "segment-old"];
        Assert.Equal(secrets, _bench.FindInFiles(secrets));
        await _bench.CloseAsync();

        var (result, isScrubbed, logsEmpty) = await new FolderPruner(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).PruneAsync(Stop);

        Assert.Equal((2, 2, true), (result.Runs, result.Artifacts, isScrubbed && logsEmpty));
        Assert.Equal(["shared-open", "segment-open"], _bench.FindInFiles(secrets));
        await new FolderPruner(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).CompactAsync(Stop);
        Assert.Equal(["shared-open", "segment-open"], _bench.FindInFiles(secrets));
    }
}
