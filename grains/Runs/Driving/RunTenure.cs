using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Driving;

/// <summary>Who works on a run, as its row says, and whether that is this very activation.</summary>
internal sealed class RunTenure(JournalAccess access, RunKey key, string owner)
{
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
    public string? Departed => !IsMine && !IsElsewhere && State == OpenState.Runnable ? Owner : null;

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

    /// <summary>The row of a run that is worked on, by nobody when <paramref name="owner"/> is null.</summary>
    public static RowChange HeldBy(string? owner) => new(RunStatus.Running, OpenState.Runnable, WakeAt: null, owner);
}
