using System.Collections.Concurrent;

namespace AgentRuntime.Runs;

/// <summary>
/// Wakes those of this silo who watch a run. A hint, never the truth: a watcher reads the journal, and looks again by itself now and then
/// for runs that another silo drives.
/// </summary>
internal sealed class RunSignals
{
    private readonly ConcurrentDictionary<RunKey, TaskCompletionSource> _appends = new();
    private readonly ConcurrentDictionary<RunKey, TaskCompletionSource> _ends = new();

    /// <summary>Completes at the next append to <paramref name="run"/> in this silo. Ask before reading, so that no append is missed.</summary>
    public Task NextAppend(RunKey run) => Wait(_appends, run);

    /// <summary>Completes when this silo makes <paramref name="run"/> terminal. Ask before looking, so that the end is not missed.</summary>
    public Task End(RunKey run) => Wait(_ends, run);

    /// <summary>Forgets the interest in a run, for watchers that leave before it comes.</summary>
    public void Leave(RunKey run)
    {
        Signal(_appends, run);
        Signal(_ends, run);
    }

    internal void Appended(RunKey run, bool isTerminal)
    {
        Signal(_appends, run);
        if (isTerminal) Signal(_ends, run);
    }

    private static Task Wait(ConcurrentDictionary<RunKey, TaskCompletionSource> waiting, RunKey run) =>
        waiting.GetOrAdd(run, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private static void Signal(ConcurrentDictionary<RunKey, TaskCompletionSource> waiting, RunKey run)
    {
        if (!waiting.IsEmpty && waiting.TryRemove(run, out var waiter)) waiter.TrySetResult();
    }
}
