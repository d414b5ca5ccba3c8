using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>Who works on a run, as its row says, and whether that is this very activation.</summary>
internal sealed class RunTenure(JournalAccess access, RunKey key, string owner)
{
    /// <summary>A wait that is shorter is held in memory and does not touch the run's row.</summary>
    public static readonly TimeSpan HeldWait = TimeSpan.FromSeconds(2);

    private bool _claimed;

    /// <summary>Who works on the run; null when nobody does.</summary>
    public string? Owner { get; private set; }

    /// <summary>What the run owes.</summary>
    public OpenState State { get; private set; }

    /// <summary>Whether this very activation works on the run: an earlier one of the same silo does not count.</summary>
    public bool IsMine => _claimed && Owner == owner && State == OpenState.Runnable;

    /// <summary>Whether a silo that is not known to be dead works on the run, other than this one.</summary>
    public bool IsElsewhere =>
        State == OpenState.Runnable && Owner is { } other && other != owner && access.LiveOwners.Current.Contains(other);

    /// <summary>Who worked on the run and is gone; null when nobody did, or works on it still.</summary>
    private string? Departed => !IsMine && !IsElsewhere && State == OpenState.Runnable ? Owner : null;

    /// <summary>Takes over what was read of the row. That it names this silo does not make the run this activation's.</summary>
    public void Read(RunRow row) => (Owner, State) = (row.Owner, row.State);

    /// <summary>Takes over what was written to the row.</summary>
    public void Written(RowChange row)
    {
        (Owner, State) = (row.Owner, row.State);
        _claimed = row.Owner == owner;
    }

    /// <summary>Gives the row another content without a record. False when another silo owns the run by now.</summary>
    public async Task<bool> TryChangeAsync(RowChange change)
    {
        if (!await access.Journal.TryChangeRowAsync(key, Owner, change)) return false;
        Written(change);
        return true;
    }

    /// <summary>Makes the run this activation's. False when another silo owns it by now.</summary>
    public Task<bool> TryClaimAsync() => TryChangeAsync(HeldBy(owner));

    /// <summary>Leaves the run to whoever comes, if this silo holds it.</summary>
    public async Task ReleaseAsync()
    {
        if (Owner == owner && State == OpenState.Runnable) await TryChangeAsync(HeldBy(null));
    }

    /// <summary>Closes the row of a run that has ended; only one that began at its end can be open. False when it is somebody else's by now, or closed.</summary>
    public Task<bool> TryCloseAsync(RunState ended) => TryChangeAsync(ClosedBy(ended));

    /// <summary>What an owner that is gone may have been doing: whoever appends next says that it is lost.</summary>
    public AttemptLost? FindLost(RunState state, LoopInput input)
    {
        if (Departed is not { } previous) return null;
        return RunLoop.Decide(state, input) switch
        {
            RunDecision.CallModel model => new AttemptLost(model.Step, null, model.Attempt, previous, owner),
            RunDecision.Summarize summary => new AttemptLost(summary.Step, null, summary.Attempt, previous, owner),
            RunDecision.CallTool tool => new AttemptLost(tool.Call.Step, tool.Call.Index, tool.Attempt, previous, owner),
            _ => null,
        };
    }

    /// <summary>How the row changes with an append that leads to <paramref name="state"/>; null when it stays.</summary>
    public RowChange? NextRow(RunState state, Flight flight, LoopInput input)
    {
        if (state.IsTerminal) return ClosedBy(state);
        if (flight == Flight.Open || IsElsewhere) return null;
        if (RunLoop.Decide(state, input) is RunDecision.Sleep sleep && sleep.WakeAt - input.Now > HeldWait) return WaitingFor(sleep);
        return IsMine ? null : HeldBy(owner);
    }

    /// <summary>The row of a run that has ended.</summary>
    public static RowChange ClosedBy(RunState ended) =>
        new(RunViews.Status(ended), OpenState.Closed, null, null, ended.EndedAt, [.. ended.HeadHash]);

    /// <summary>The row of a run that nobody works on until its wait is over.</summary>
    public static RowChange WaitingFor(RunDecision.Sleep sleep) =>
        new(sleep.Status, OpenState.Waiting, sleep.WakeAt == RunDecision.Sleep.Never ? null : sleep.WakeAt, Owner: null);

    /// <summary>The row of a run that is worked on, by nobody when <paramref name="owner"/> is null.</summary>
    public static RowChange HeldBy(string? owner) => new(RunStatus.Running, OpenState.Runnable, WakeAt: null, owner);
}
