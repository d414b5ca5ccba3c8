using System.Collections.Concurrent;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>
/// The journals in DynamoDB, which have no order among them: those that a kill interrupted are read all the time, the others every other second, so that
/// the onlooker does not wear the stand-in out. Runs start about in the order of their numbers.
/// </summary>
internal sealed class TableTail(IRunJournal journal, KillOptions options, TimeProvider time) : JournalTail, IDisposable
{
    private const int MaxTries = 20;

    /// <summary>So many runs that were not seen yet are looked for; more than may start at once.</summary>
    private const int Ahead = 12;

    private const int MaxConcurrent = 4;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _once = new(1);
    private readonly List<RunKey> _all = [.. Enumerable.Range(1, options.Runs).Select(number => ChaosCast.KeyOf(RunScript.Create(number, options.Seed)))];
    private readonly ConcurrentDictionary<RunKey, long> _next = new();
    private long _lastSweep;

    public override async Task LookAsync()
    {
        var isSweep = time.GetElapsedTime(_lastSweep) >= Sweep;
        await TryAsync(() => ReadAsync(isSweep ? Known() : Known().Where(IsWaiting)));
        if (isSweep) _lastSweep = time.GetTimestamp();
    }

    public override async Task StruckAsync(IReadOnlyCollection<int> siloPorts, DateTimeOffset at)
    {
        var owners = siloPorts.Select(port => FormattableString.Invariant($":{port}@")).ToList();
        for (var i = 0; i < MaxTries; i++)
        {
            var isDone = await TryAsync(async () =>
            {
                await ReadAsync(Known());
                var interrupted = new ConcurrentBag<string>();
                await ForEachAsync(Known().Where(_next.ContainsKey), async run =>
                {
                    // Runnable: a run that waits for a person or a timer is not in flight.
                    var row = await journal.FindAsync(run, CancellationToken.None);
                    if (row is { State: OpenState.Runnable, Owner: { } owner } && owners.Exists(each => owner.Contains(each, StringComparison.Ordinal))) interrupted.Add(run.Run.Value);
                });
                NoteStruck(interrupted, at);
            });
            if (isDone) return;
        }

        throw new TimeoutException("The journals could not be read after a kill.");
    }

    public void Dispose() => _once.Dispose();

    /// <summary>Runs that have begun and not ended, and those that may have begun.</summary>
    private List<RunKey> Known()
    {
        var unseen = 0;
        return [.. _all.TakeWhile(run => _next.ContainsKey(run) || ++unseen <= Ahead).Where(run => !HasEnded(run.Run.Value))];
    }

    private bool IsWaiting(RunKey run)
    {
        lock (Gate) return Clock.IsWaiting(run.Run.Value);
    }

    private Task ReadAsync(IEnumerable<RunKey> runs) => ForEachAsync(runs, async run =>
    {
        foreach (var entry in await journal.ReadAsync(run, _next.GetValueOrDefault(run), int.MaxValue, int.MaxValue, CancellationToken.None))
        {
            Note(HeaderCodec.Decode(entry.Header));
            _next[run] = entry.Seq + 1;
        }
    });

    private static Task ForEachAsync(IEnumerable<RunKey> runs, Func<RunKey, Task> work) =>
        Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent }, async (run, _) => await work(run));

    /// <summary>One look at a time, so that no record is noted twice. False when the store did not answer.</summary>
    private async Task<bool> TryAsync(Func<Task> look)
    {
        await _once.WaitAsync();
        try
        {
            await look();
            return true;
        }
        catch (AgentRuntimeException failure) when (failure.IsTransient)
        {
            return false;
        }
        finally
        {
            _once.Release();
        }
    }
}
