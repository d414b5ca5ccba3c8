namespace AgentRuntime.FrontDoor.Overload;

/// <summary>Feature of a call that has a place inside the gate. It is given back once: a stream has it only until it begins.</summary>
internal sealed class GatePlace(FairGate gate, CallerLane lane)
{
    private CallerLane _lane = lane;
    private int _left;

    /// <summary>Counts it against another caller, who may have all that he may have already.</summary>
    public bool TryMoveTo(CallerLane lane)
    {
        if (!gate.TryMove(_lane, lane)) return false;
        _lane = lane;
        return true;
    }

    public Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) gate.Leave(_lane);
        return Task.CompletedTask;
    }
}
