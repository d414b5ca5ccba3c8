namespace AgentRuntime.Chaos.Kill;

/// <summary>
/// Times from a kill to the next append of each run that it interrupted. A clock that runs is not set back by a later kill, but for one
/// case: when a silo is killed while it starts and no other serves, there was nobody yet who could have resumed anything.
/// </summary>
internal sealed class ResumeClock
{
    private readonly Dictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);
    private readonly List<double> _seconds = [];
    private int _told;

    public int Interrupted { get; private set; }

    public int Waiting => _waiting.Count;

    public bool IsWaiting(string run) => _waiting.ContainsKey(run);

    /// <summary>The longest time since this was last asked, in seconds.</summary>
    public double TakeSlowest()
    {
        var slowest = _seconds.Skip(_told).DefaultIfEmpty().Max();
        _told = _seconds.Count;
        return slowest;
    }

    public void Struck(IEnumerable<string> runs, DateTimeOffset at)
    {
        foreach (var run in runs)
        {
            if (_waiting.TryAdd(run, at)) Interrupted++;
        }
    }

    public void StartAnew(DateTimeOffset at)
    {
        foreach (var run in _waiting.Keys.ToList()) _waiting[run] = at;
    }

    public void Appended(string run, DateTimeOffset at)
    {
        if (_waiting.Remove(run, out var since)) _seconds.Add(Math.Max(0, (at - since).TotalSeconds));
    }

    /// <summary>Seconds within which this share of the runs went on; those that never did count as infinite.</summary>
    public double Quantile(double share)
    {
        var all = _seconds.Concat(_waiting.Select(_ => double.PositiveInfinity)).Order().ToList();
        return all.Count == 0 ? 0 : all[Math.Min(all.Count - 1, (int)(all.Count * share))];
    }
}
