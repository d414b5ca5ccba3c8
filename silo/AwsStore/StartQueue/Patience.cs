namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>When to read the queue again: at once, or later and ever later while the silo has too much to do.</summary>
internal sealed class Patience(TimeProvider time)
{
    private const int MaxDoublings = 5;
    private const int MaxWaits = 8;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _until;
    private int _lost;

    /// <summary>How long a message is left alone that could not start its run, for the nth time: 2 s to about 4 min.</summary>
    public static TimeSpan UntilNext(int receives) => First * (1 << Math.Clamp(receives, 1, MaxWaits));

    /// <summary>Somebody was told that there is too much to do. Those that were told so in one go count once.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _until) return;
            _until = now + First * (1 << _lost);
            if (_lost < MaxDoublings) _lost++;
        }
    }

    /// <summary>Not before that.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_gate) _until = time.GetUtcNow() + pause;
    }

    /// <summary>Somebody was served.</summary>
    public void Relax()
    {
        lock (_gate) _lost = 0;
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan left;
        lock (_gate) left = _until - time.GetUtcNow();
        if (left > TimeSpan.Zero) await Task.Delay(left, time, cancellation);
        cancellation.ThrowIfCancellationRequested();
    }
}
