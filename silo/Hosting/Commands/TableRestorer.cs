using AgentRuntime.Aws;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Restore;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using Amazon.S3;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Finds restored tables and takes them over, without serving them.</summary>
internal static class TableRestorer
{
    /// <param name="store">Where the tables are.</param>
    /// <param name="asOf">The point in time that they show; null takes what DynamoDB says.</param>
    /// <param name="clusterId">The new cluster; null makes one up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Is told how many runs are paused.</param>
    /// <param name="cancellation">Stops between two runs; the tables cannot be served then.</param>
    /// <exception cref="AgentRuntimeException">They were not restored, nobody knows to when, or somebody else works on them.</exception>
    public static async Task<TableRestore> RestoreAsync(
        AwsStoreOptions store, DateTimeOffset? asOf, string? clusterId, TimeProvider time, IProgress<WorkStep> progress, CancellationToken cancellation)
    {
        var place = await AwsPlace.OpenAsync(store, cancellation);
        var point = Require(place, asOf, time);
        await using var services = new ServiceCollection()
            .AddAws(AwsPlace.Configure(store)).AddSingleton(time).AddAwsRunStore(new JournalTable(place.Tables.Journal, place.Identity.OpenShards)).BuildServiceProvider();
        var artifacts = new S3ArtifactStore(services.GetRequiredService<IAmazonS3>(), new ArtifactNames(place.Identity.ArtifactKey), new ArtifactBucket(store.Bucket, store.KmsKey), time);
        var pause = new RestorePause(services.GetRequiredService<IRunJournal>(), new EntryWriter(artifacts), new RunRestored(place.Identity.ClusterId, point), time);
        var (identity, paused) = await ActivatorUtilities.CreateInstance<RestoredTables>(services, pause, progress).TakeOverAsync(place, clusterId, cancellation);
        return new TableRestore(place.Tables, identity.ClusterId, point, paused);
    }

    private static DateTimeOffset Require(AwsPlace place, DateTimeOffset? asOf, TimeProvider time)
    {
        if (!place.IsRestored)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"The tables '{place.Tables.Prefix}...' are those of cluster {place.Identity.ClusterId}, not restored ones, or they were taken over already. "
                + "Name restored ones with Aws:TablePrefix, or start the silo.");
        }

        var point = place.Origin.AsOf ?? asOf ?? throw new AgentRuntimeException(
            ErrorCode.InvalidArgument, $"--as-of is missing: DynamoDB does not say which point in time the table '{place.Tables.Journal}' shows. Give it, as in --as-of 2026-01-31T12:00:00Z.");
        if (point > time.GetUtcNow()) throw new AgentRuntimeException(ErrorCode.InvalidArgument, $"--as-of {point:O} lies in the future. Give the point in time that the tables show.");
        return point.ToUniversalTime();
    }
}
