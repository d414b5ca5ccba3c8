using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Retention;

/// <summary>
/// Prunes what has expired while the silo serves: a few runs at a turn, so that nobody waits long for the journal, and one silo of the
/// folder at a time.
/// </summary>
internal sealed partial class RetentionService(DataFolder folder, ServedPruners pruners, TimeProvider time, ILogger<RetentionService> log) : BackgroundService
{
    /// <summary>How often the silo looks. Retention counts days, so that minutes do not matter.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Between two turns of one round.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs in one turn, some ten milliseconds of the journal's writer.</summary>
    public const long RunsPerTurn = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var pruner in pruners())
            {
                if (await pruner.CanPruneAsync(stoppingToken)) continue;
                LogOldFormat(folder.Path);
                return;
            }

            using var timer = new PeriodicTimer(Interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await PruneAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One round: all that has expired, unless another process is at it.</summary>
    public async Task PruneAsync(CancellationToken cancellation)
    {
        foreach (var pruner in pruners()) await PruneAsync(pruner, cancellation);
    }

    private async Task PruneAsync(Pruner pruner, CancellationToken cancellation)
    {
        var total = PruneResult.Nothing;
        try
        {
            while (true)
            {
                using (var held = folder.TryTakeMaintenance())
                {
                    if (held is null) return;
                    var turn = await pruner.RunAsync(RunsPerTurn, cancellation);
                    total += turn;
                    if (turn.Runs < RunsPerTurn)
                    {
                        if (!await pruner.TryScrubAsync(cancellation) && total.Runs > 0) LogNotScrubbed(folder.Path);
                        break;
                    }
                }

                await Task.Delay(Pause, time, cancellation);
            }

            if (total.Runs > 0) LogPruned(total.Runs, total.Records, total.Artifacts);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Pruned {Runs} runs whose retention has ended: {Records} payloads and {Artifacts} artifacts.")]
    private partial void LogPruned(long runs, long records, long artifacts);

    [LoggerMessage(2, LogLevel.Warning, "What has expired could not be pruned; the next round tries again.")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(3, LogLevel.Warning, "Data folder {Folder} has format 1, which does not say how long runs are kept: nothing is pruned until `silo -- migrate` has been run.")]
    private partial void LogOldFormat(string folder);

    [LoggerMessage(4, LogLevel.Warning, "Unused parts of the journal in {Folder} may hold copies of approvals that were pruned; `silo -- prune` removes them while no silo serves it.")]
    private partial void LogNotScrubbed(string folder);
}
