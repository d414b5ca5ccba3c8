namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Something on the model disk: what a sync made durable, and what was done since and may be lost.</summary>
internal abstract class DiskNode<TChange>
{
    private readonly List<TChange> _pending = [];
    private long _durable;

    /// <summary>How many changes were made so far: what a sync that begins now covers.</summary>
    public long Mark => _durable + _pending.Count;

    /// <summary>Changes that no sync covers yet, oldest first.</summary>
    public IReadOnlyList<TChange> Pending => _pending;

    public void Change(TChange change) => _pending.Add(change);

    /// <summary>A sync that began at <paramref name="mark"/> has ended.</summary>
    public void Sync(long mark)
    {
        var covered = (int)Math.Max(0, mark - _durable);
        foreach (var change in _pending[..covered])
            Settle(change);
        _pending.RemoveRange(0, covered);
        _durable += covered;
    }

    protected abstract void Settle(TChange change);
}
