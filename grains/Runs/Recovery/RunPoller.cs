using System.Collections.Concurrent;
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
    IOpenRunIndex index,
    LiveOwners liveOwners,
    DrivenRuns driven,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<RunPoller> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs of each kind that one round wakes; the next round takes the rest.</summary>
    public const int MaxPerRound = 2_000;

    /// <summary>One that does not answer by then is left to a later round, so that it does not hold up the others.</summary>
    public static readonly TimeSpan MaxWake = TimeSpan.FromSeconds(2);

    /// <summary>Every so many rounds the silo looks for runs that it holds itself and that no activation drives.</summary>
    private const int RoundsPerSelfCheck = 5;

    private const int MaxConcurrentWakes = 128;

    private HashSet<RunKey> _wokenBefore = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var changes = new MembershipChanges(liveOwners.Updates, stoppingToken);
        try
        {
            for (long round = 0;; round++)
            {
                var progress = await PollAsync(round, stoppingToken);
                if (progress >= MaxPerRound) continue;
                await Task.WhenAny(changes.Next, Task.Delay(Interval, time, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Looks once. Returns how many runs answered that were not woken in the round before, so that rows which cannot go on never make it spin.</summary>
    private async Task<int> PollAsync(long round, CancellationToken stop)
    {
        try
        {
            if (liveOwners.Share is not { } share) return 0;
            var runs = await FindAsync(round, share, stop);
            var woken = new ConcurrentBag<RunKey>();
            await Parallel.ForEachAsync(
                runs,
                new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentWakes, CancellationToken = stop },
                async (run, _) =>
                {
                    if (await TryWakeAsync(run, stop)) woken.Add(run);
                });
            var progress = woken.Count(run => !_wokenBefore.Contains(run));
            _wokenBefore = woken.ToHashSet();
            return progress;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            LogRoundFailed(fault);
            return 0;
        }
    }

    private async Task<HashSet<RunKey>> FindAsync(long round, PollerShare share, CancellationToken stop)
    {
        var live = liveOwners.Current;
        var runs = new HashSet<RunKey>(await index.FindOrphansAsync(live, share, MaxPerRound, stop));
        runs.UnionWith(await index.FindDueAsync(time.GetUtcNow(), share, MaxPerRound, stop));
        if (round % RoundsPerSelfCheck != 0) return runs;
        // What a silo holds is looked after by that silo alone, whoever's share it is in.
        runs.UnionWith(await index.FindHeldAsync(liveOwners.Self, driven.Contains, MaxPerRound, stop));
        return runs;
    }

    private async Task<bool> TryWakeAsync(RunKey run, CancellationToken stop)
    {
        try
        {
            await grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(run.Tenant, run.Run)).WakeAsync().WaitAsync(MaxWake, time, stop);
            return true;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            LogWakeFailed(fault, run);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The index of open runs cannot be read for now.")]
    private partial void LogRoundFailed(Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "Run {Run} could not be woken; the next round tries again.")]
    private partial void LogWakeFailed(Exception fault, RunKey run);
}
