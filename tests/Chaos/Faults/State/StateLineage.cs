namespace AgentRuntime.Chaos.Faults.State;

/// <summary>Which state of a grain was written upon which. Of two that were written upon the same one, one is lost.</summary>
internal sealed class StateLineage(string grain, Oracle oracle)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _next = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Somebody was told that <paramref name="state"/>, null for a clear, follows what had the etag <paramref name="before"/>.</summary>
    public void Confirmed(string before, string? state)
    {
        lock (_gate)
        {
            if (!_next.TryAdd(before, state ?? "cleared")) oracle.Break("state_two_winners", $"two writes of {grain} upon {before} were acknowledged");
        }
    }

    public void Tried(string state)
    {
        lock (_gate) _written.Add(state);
    }

    public void CheckRead(string? state)
    {
        lock (_gate) oracle.Require(state is null || _written.Contains(state), "state_unknown", $"{grain} holds what nobody wrote");
    }
}
