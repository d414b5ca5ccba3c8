using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Index;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>
/// Compares heads of runs with what subscribers have, publishes again what they lack, and closes runs that have ended and that they have whole. All
/// that was published may have been lost: what the journal has arrives all the same.
/// </summary>
internal sealed partial class PublicationReconciler(
    IUnpublishedRuns runs, EndedRuns ended, RecordRepeater repeater, LiveOwners liveOwners, TimeProvider time, ILogger<PublicationReconciler> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often all waiting runs are compared, besides whenever silos come or go.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    /// <summary>After silos came or went, or a sweep failed, this long until waiting runs are compared: indexes follow a moment later.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private IReadOnlyList<string> _silos = [];
    private DateTimeOffset _sweepAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RoundAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    // Closing first: it waits for nothing that is published.
    private async Task RoundAsync(CancellationToken stop)
    {
        if (liveOwners.Share is not { } share) return;
        List<(RunMark, long)> late = [];
        await TryAsync(async () => late = await ended.CloseAsync(share, stop), stop);
        await TryAsync(() => repeater.MendNotedAsync(stop), stop);
        await TryAsync(() => repeater.RepeatAsync(late, stop), stop);
        await TryAsync(() => SweepAsync(share, stop), stop);
    }

    private async Task TryAsync(Func<Task> part, CancellationToken stop)
    {
        try
        {
            await part();
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            LogRoundFailed(failure);
        }
    }

    private async Task SweepAsync(PollerShare share, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (!_silos.SequenceEqual(liveOwners.Active)) (_silos, _sweepAt) = (liveOwners.Active, now + Settling);
        if (now < _sweepAt) return;
        _sweepAt = now + Settling;
        await foreach (var page in runs.FindWaitingAsync(share, stop)) await repeater.MendAsync(page, stop);
        _sweepAt = now + Sweep;
    }

    [LoggerMessage(1, LogLevel.Warning, "What subscribers of events lack could not be found out for now; the next round tries again.")]
    private partial void LogRoundFailed(Exception failure);
}
