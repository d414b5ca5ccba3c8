using System.Collections.Concurrent;

namespace AgentRuntime.Runs;

/// <summary>
/// Wakes those of this silo who watch a run. A hint, never the truth: a watcher reads the journal, and looks again by itself now and then
/// for runs that another silo drives.
/// </summary>
internal sealed class RunSignals
{
    private readonly ConcurrentDictionary<RunKey, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next append to <paramref name="run"/> in this silo. Ask before reading, so that no append is missed.</summary>
    public Task NextAppend(RunKey run) =>
        _waiting.GetOrAdd(run, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Forgets the interest in a run that <see cref="NextAppend"/> noted, for watchers that leave.</summary>
    public void Leave(RunKey run) => Appended(run);

    internal void Appended(RunKey run)
    {
        if (!_waiting.IsEmpty && _waiting.TryRemove(run, out var waiting)) waiting.TrySetResult();
    }
}
