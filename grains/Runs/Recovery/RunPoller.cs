using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Index;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Recovery;

/// <summary>
/// Wakes runs whose owner is gone and waiting runs that are due: when the silo starts, each second, and at once when membership changes.
/// It is the only thing that looks for them, so a waiting run costs no reminder and no activation.
/// </summary>
internal sealed partial class RunPoller(
    IOpenRunIndex index, LiveOwners liveOwners, SiloIdentity silo, IGrainFactory grains, TimeProvider time, ILogger<RunPoller> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs of each kind that one round wakes; the next round takes the rest.</summary>
    public const int MaxPerRound = 2_000;

    private const int MaxConcurrentWakes = 128;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changes = liveOwners.Updates.GetAsyncEnumerator(stoppingToken);
        try
        {
            var change = changes.MoveNextAsync().AsTask();
            while (!stoppingToken.IsCancellationRequested)
            {
                var woken = await PollAsync(stoppingToken);
                if (woken >= MaxPerRound) continue;
                await Task.WhenAny(change, Task.Delay(Interval, time, stoppingToken));
                if (change.IsCompleted) change = changes.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            // The membership stream ends with the silo; its enumerator is not disposed while a move is pending.
        }
    }

    private async Task<int> PollAsync(CancellationToken stop)
    {
        try
        {
            var live = liveOwners.Current;
            if (!live.Contains(silo.Owner)) return 0;
            var share = Share(live);
            var orphans = await index.FindOrphansAsync(live, share, MaxPerRound, stop);
            var due = await index.FindDueAsync(time.GetUtcNow(), share, MaxPerRound, stop);
            await Parallel.ForEachAsync(
                orphans.Concat(due), new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentWakes, CancellationToken = stop }, WakeAsync);
            return Math.Max(orphans.Count, due.Count);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogRoundFailed(fault);
            return 0;
        }
    }

    private PollerShare Share(IReadOnlySet<string> live)
    {
        var ordered = live.Order(StringComparer.Ordinal).ToList();
        return new PollerShare(ordered.IndexOf(silo.Owner), ordered.Count);
    }

    private async ValueTask WakeAsync(RunKey run, CancellationToken stop)
    {
        try
        {
            await grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(run.Tenant, run.Run)).WakeAsync().WaitAsync(stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogWakeFailed(fault, run);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The index of open runs cannot be read for now.")]
    private partial void LogRoundFailed(Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "Run {Run} could not be woken; the next round tries again.")]
    private partial void LogWakeFailed(Exception fault, RunKey run);
}
