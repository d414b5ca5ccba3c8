using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2;

namespace AgentRuntime.AwsStore.Restore;

/// <summary>
/// Takes tables over that were restored: pauses every open run, and only then writes down that they may be served. Killed at any instant, it goes on where
/// it was when it is begun again: what is paused stays as it is.
/// </summary>
internal sealed class RestoredTables(IAmazonDynamoDB client, DynamoDbOpenRunIndex index, JournalReader reader, RestorePause pause, IProgress<WorkStep> progress)
{
    private const int RunsAtOnce = 16;

    private long _paused;

    /// <param name="place">The tables.</param>
    /// <param name="clusterId">The cluster that is to live in them; null makes one up.</param>
    /// <param name="cancellation">Stops between two runs.</param>
    /// <returns>What they are now, and how many open runs there are, all of them paused.</returns>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: somebody else works on them. Unavailable: DynamoDB does not answer.</exception>
    public Task<(StoreIdentity Identity, long Paused)> TakeOverAsync(AwsPlace place, string? clusterId, CancellationToken cancellation) =>
        StoreFailures.ReadingAsync($"DynamoDB table {place.Tables.Journal}", async () =>
        {
            for (var part = 0; part < place.Identity.OpenShards; part++)
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = RunsAtOnce, CancellationToken = cancellation };
                await Parallel.ForEachAsync(index.ListAsync(part, cancellation), options, async (run, stop) => await PauseAsync(run, stop));
            }

            var identity = place.Identity.TakenOver(clusterId, place.Origin);
            await identity.ReplaceAsync(client, place.Tables.Journal, place.Identity, cancellation);
            return (identity, _paused);
        }, cancellation);

    private async Task PauseAsync(RunKey run, CancellationToken cancellation)
    {
        // The index follows the heads: what it says may be old.
        if (await reader.FindHeadAsync(run, cancellation) is not { Row: { State: not OpenState.Closed, Status: < RunStatus.Completed } row }) return;
        var newest = await reader.ReadNewestAsync(run, cancellation);
        if (!RestorePause.IsMade(newest)) await pause.AppendAsync(row, newest[^1]);
        progress.Report(new WorkStep("pausing runs", Interlocked.Increment(ref _paused), null));
    }
}
