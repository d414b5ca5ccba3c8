using System.Collections.Concurrent;
using AgentRuntime.Events;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Publishes again what subscribers lack.</summary>
internal sealed partial class RecordRepeater(
    EventLogs logs, MissingRecords missing, PublishQueue queue, TenantTurns turns, TimeProvider time, ILogger<RecordRepeater> log)
{
    /// <summary>What was published again is not published once more before, lest a queue that is full gets fuller.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromSeconds(60);

    private const int MaxPerRound = 8_192;
    private const int MaxPerStep = 64;

    private readonly ConcurrentDictionary<RunKey, DateTimeOffset> _repeated = new();

    /// <summary>Looks at the runs that this silo has noted.</summary>
    public Task MendNotedAsync(CancellationToken stop) => MendAsync(queue.TakeBehind(MaxPerRound), stop);

    /// <summary>Looks what subscribers lack of open runs, and publishes it. All but those that they have are noted, to be looked at again.</summary>
    public async Task MendAsync(IReadOnlyList<RunMark> open, CancellationToken stop)
    {
        var known = new ConcurrentDictionary<RunKey, long>();
        await turns.TakeAsync(open.GroupBy(static run => run.Run.Tenant), IRunEventLog.MaxHeads, async (tenant, some, cancellation) =>
        {
            var found = await logs.FindMissingAsync(tenant, Array.ConvertAll(some, static run => run.Head), cancellation);
            foreach (var (run, from) in some.Zip(found)) known[run.Run] = from;
        }, stop);

        var now = ForgetOld();
        var lacking = new List<(RunMark, long)>();
        foreach (var run in open)
        {
            var isKnown = known.TryGetValue(run.Run, out var from);
            if (isKnown && from > run.LastSeq) continue;
            // What is published now may be lost as well, and what was published a moment ago is not published before it may be.
            queue.AddBehind(run.Run, run.LastSeq, isKnown ? _repeated.GetValueOrDefault(run.Run, now) + Repeat : now + PublishQueue.CheckAfter);
            if (isKnown) lacking.Add((run, from));
        }

        await RepeatAsync(lacking, stop);
    }

    /// <summary>Publishes runs from a seq on, but for those that were published a moment ago.</summary>
    public Task RepeatAsync(IReadOnlyList<(RunMark Run, long From)> lacking, CancellationToken stop)
    {
        var now = ForgetOld();
        var due = lacking.Where(each => !_repeated.ContainsKey(each.Run.Run)).GroupBy(static each => each.Run.Run.Tenant);
        return turns.TakeAsync(due, MaxPerStep, (tenant, some, cancellation) =>
        {
            foreach (var (run, from) in some)
            {
                _repeated[run.Run] = now;
                LogMissing(run.Run, from);
            }

            return missing.PublishAsync(tenant, some, cancellation);
        }, stop);
    }

    private DateTimeOffset ForgetOld()
    {
        var now = time.GetUtcNow();
        foreach (var old in _repeated.Where(each => now - each.Value >= Repeat)) _repeated.TryRemove(old.Key, out _);
        return now;
    }

    [LoggerMessage(1, LogLevel.Information, "Subscribers lack records of run {Run} from seq {From} on; they are published again.")]
    private partial void LogMissing(RunKey run, long from);
}
