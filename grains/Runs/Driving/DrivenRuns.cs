using System.Collections.Concurrent;

namespace AgentRuntime.Runs.Driving;

/// <summary>The runs whose loop is at work on this silo. A run that this silo holds and that is not here is driven by nobody.</summary>
internal sealed class DrivenRuns
{
    private readonly ConcurrentDictionary<RunKey, byte> _runs = new();

    public int Count => _runs.Count;

    public void Add(RunKey run) => _runs[run] = 0;

    public void Remove(RunKey run) => _runs.TryRemove(run, out _);

    public bool Contains(RunKey run) => _runs.ContainsKey(run);
}
