namespace AgentRuntime.Runs.Deltas;

/// <summary>
/// Who hears what the model of one run says, and the reply that is under way, so that whoever joins late hears it from its beginning.
/// </summary>
internal sealed class DeltaFollowers
{
    /// <summary>Followers at a time; one more is not heard of.</summary>
    public const int MaxFollowers = 64;

    /// <summary>Characters of a reply that are kept and passed on; what comes after is seen when it is recorded.</summary>
    public const int MaxChars = 256 * 1024;

    private readonly Dictionary<IRunDeltaObserver, DateTimeOffset> _until = [];
    private readonly List<string> _pieces = [];
    private int _step;
    private int _attempt;
    private int _chars;
    private bool _isSilent;

    /// <summary>Adds a follower, or lets it hear for longer. False when there are as many as there may be.</summary>
    public bool Add(IRunDeltaObserver follower, DateTimeOffset now)
    {
        Forget(now);
        var isNew = !_until.ContainsKey(follower);
        if (isNew && _until.Count >= MaxFollowers) return false;
        _until[follower] = now + ISpokenRunGrain.FollowLease;
        if (isNew && _chars > 0) _ = follower.SayAsync(new RunDelta(_step, _attempt, 0, string.Concat(_pieces)));
        return true;
    }

    /// <summary>A reply begins.</summary>
    public void Begin(int step, int attempt)
    {
        (_step, _attempt, _chars, _isSilent) = (step, attempt, 0, false);
        _pieces.Clear();
    }

    /// <summary>The reply goes on.</summary>
    public void Say(string text, DateTimeOffset now)
    {
        // After a gap there is silence, so that offsets never lie.
        _isSilent |= _chars + text.Length > MaxChars;
        if (_isSilent) return;
        _pieces.Add(text);
        if (_until.Count > 0)
        {
            Forget(now);
            var delta = new RunDelta(_step, _attempt, _chars, text);
            foreach (var follower in _until.Keys) _ = follower.SayAsync(delta);
        }

        _chars += text.Length;
    }

    /// <summary>The reply is recorded or given up; nobody is told the rest.</summary>
    public void End() => Begin(0, 0);

    private void Forget(DateTimeOffset now)
    {
        if (_until.Count == 0) return;
        foreach (var (follower, until) in _until.ToList())
        {
            if (until <= now) _until.Remove(follower);
        }
    }
}
