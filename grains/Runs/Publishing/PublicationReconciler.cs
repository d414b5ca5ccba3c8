using AgentRuntime.Runs.Driving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>
/// Compares heads of runs with what subscribers have, publishes again what they lack, and closes runs that have ended and that they have whole. All
/// that was published may have been lost: what the journal has arrives all the same.
/// </summary>
internal sealed partial class PublicationReconciler(
    IUnpublishedRuns runs, MissingRecords missing, PublishQueue queue, LiveOwners liveOwners, TimeProvider time, ILogger<PublicationReconciler> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A run that ended so long ago has had its time to arrive by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>What was published again is not published once more before, lest a queue that is full gets fuller.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromSeconds(60);

    /// <summary>How often all waiting runs are compared, besides whenever silos come or go.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    /// <summary>After silos came or went, this long until waiting runs are compared: indexes follow a moment later.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Alarming = TimeSpan.FromSeconds(60);
    private const int MaxPerRound = 8_192;

    private readonly Dictionary<RunKey, DateTimeOffset> _repeated = [];
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

    private async Task RoundAsync(CancellationToken stop)
    {
        try
        {
            if (liveOwners.Share is not { } share) return;
            foreach (var old in _repeated.Where(each => time.GetUtcNow() - each.Value > Repeat).ToList()) _repeated.Remove(old.Key);
            await MendAsync(queue.TakeBehind(MaxPerRound), stop);
            await CloseAsync(await runs.FindEndedAsync(share, MaxPerRound, stop), stop);
            if (!IsSweepDue()) return;
            await foreach (var page in runs.FindWaitingAsync(share, stop)) await MendAsync(page, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            LogRoundFailed(failure);
        }
    }

    private async Task CloseAsync(IReadOnlyList<RunMark> ended, CancellationToken stop)
    {
        var found = await missing.FindAsync(ended, stop);
        var whole = found.Where(static each => each.Missing > each.Run.LastSeq).Select(static each => each.Run.Run).ToList();
        if (whole.Count > 0) await runs.CloseAsync(whole, stop);
        var now = time.GetUtcNow();
        var late = found.Where(static each => each.Missing <= each.Run.LastSeq).ToList();
        var lag = late.Count == 0 ? TimeSpan.Zero : now - late.Min(static each => each.Run.EndedAt!.Value);
        missing.Instruments.Lag(lag);
        if (lag > Alarming) LogLate(late.Count, lag);
        foreach (var (run, from) in late.Where(each => now - each.Run.EndedAt > Grace)) await RepeatAsync(run.Run, from, stop);
    }

    private async Task MendAsync(IReadOnlyList<RunMark> open, CancellationToken stop)
    {
        foreach (var (run, from) in await missing.FindAsync(open, stop))
        {
            if (from <= run.LastSeq) await RepeatAsync(run.Run, from, stop);
        }
    }

    private async Task RepeatAsync(RunKey run, long from, CancellationToken stop)
    {
        if (!_repeated.TryAdd(run, time.GetUtcNow())) return;
        LogMissing(run, from);
        await missing.PublishAsync(run, from, stop);
    }

    private bool IsSweepDue()
    {
        var now = time.GetUtcNow();
        if (!_silos.SequenceEqual(liveOwners.Active)) (_silos, _sweepAt) = (liveOwners.Active, now + Settling);
        if (now < _sweepAt) return false;
        _sweepAt = now + Sweep;
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "What subscribers of events lack could not be found out for now; the next round tries again.")]
    private partial void LogRoundFailed(Exception failure);

    [LoggerMessage(2, LogLevel.Information, "Subscribers lack records of run {Run} from seq {From} on; they are published again.")]
    private partial void LogMissing(RunKey run, long from);

    [LoggerMessage(3, LogLevel.Error, "{Count} runs have ended that subscribers do not have whole, the first {Lag} ago. Look at the queue of the dead and at the subscribers' errors.")]
    private partial void LogLate(int count, TimeSpan lag);
}
