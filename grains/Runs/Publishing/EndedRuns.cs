using System.Collections.Concurrent;
using AgentRuntime.Events;
using AgentRuntime.Runs.Index;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>
/// Closes runs that have ended and that subscribers have whole. It goes through all that are not closed and then begins anew, some pages a round: those that
/// cannot be closed hide none behind them.
/// </summary>
internal sealed partial class EndedRuns(
    IUnpublishedRuns runs, EventLogs logs, TenantTurns turns, EventInstruments instruments, TimeProvider time, ILogger<EndedRuns> log)
{
    public const int PageSize = 8_192;

    /// <summary>A run that ended so long ago has had its time to arrive by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Alarming = TimeSpan.FromSeconds(60);
    private const int MaxPages = 4;

    private IAsyncEnumerator<IReadOnlyList<RunMark>>? _walk;
    private PollerShare _share;

    // Since when subscribers lack something for all that is known, by the walk that is under way.
    private DateTimeOffset? _oldest;

    /// <summary>Goes on by some pages. Returns runs that have had their time, with the first seq of each that a subscriber lacks.</summary>
    public async Task<List<(RunMark Run, long From)>> CloseAsync(PollerShare share, CancellationToken stop)
    {
        var late = new List<(RunMark, long)>();
        try
        {
            if (share != _share) await EndWalkAsync();
            _share = share;
            for (var pages = 0; pages < MaxPages && late.Count < PageSize; pages++)
            {
                var isFirst = _walk is null;
                _walk ??= runs.FindEndedAsync(share, PageSize, stop).GetAsyncEnumerator(stop);
                var isOne = await _walk.MoveNextAsync();
                if (isFirst) _oldest = null;
                if (isOne)
                {
                    await CloseAsync(_walk.Current, late, stop);
                    continue;
                }

                await EndWalkAsync();
                break;
            }
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // What ends from now on is not known.
            _oldest ??= time.GetUtcNow();
            await EndWalkAsync();
            throw;
        }
        finally
        {
            SayLag();
        }

        return late;
    }

    private async Task CloseAsync(IReadOnlyList<RunMark> page, List<(RunMark, long)> late, CancellationToken stop)
    {
        var missing = new ConcurrentDictionary<RunKey, long>();
        await turns.TakeAsync(page.GroupBy(static run => run.Run.Tenant), IRunEventLog.MaxHeads, async (tenant, some, cancellation) =>
        {
            var found = some.Zip(await logs.FindMissingAsync(tenant, Array.ConvertAll(some, static run => run.Head), cancellation)).ToList();
            var whole = found.Where(static each => each.Second > each.First.LastSeq).Select(static each => each.First.Run).ToList();
            if (whole.Count > 0) await runs.CloseAsync(whole, cancellation);
            foreach (var (run, from) in found) missing[run.Run] = from;
        }, stop);

        var now = time.GetUtcNow();
        foreach (var run in page)
        {
            var isKnown = missing.TryGetValue(run.Run, out var from);
            if (isKnown && from > run.LastSeq) continue;
            if (_oldest is not { } oldest || run.EndedAt < oldest) _oldest = run.EndedAt;
            if (isKnown && now - run.EndedAt > Grace) late.Add((run, from));
        }
    }

    private async Task EndWalkAsync()
    {
        if (_walk is { } walk) await walk.DisposeAsync();
        _walk = null;
    }

    private void SayLag()
    {
        var lag = _oldest is { } oldest ? time.GetUtcNow() - oldest : TimeSpan.Zero;
        instruments.Lag(lag);
        if (lag > Alarming) LogLate(lag);
    }

    [LoggerMessage(1, LogLevel.Error, "For {Lag} there has been a run that has ended and that subscribers are not known to have whole. Look at the queue of the dead and at the subscribers' errors.")]
    private partial void LogLate(TimeSpan lag);
}
