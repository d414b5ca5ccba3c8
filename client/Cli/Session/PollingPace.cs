namespace AgentRuntime.Cli.Session;

/// <summary>How often an issuer is asked whether a person has confirmed a code, and for how long (RFC 8628, 3.5).</summary>
/// <param name="interval">The pause that the issuer asks for; null where it says nothing.</param>
/// <param name="life">How long the code is good.</param>
/// <param name="time">The clock.</param>
internal sealed class PollingPace(TimeSpan? interval, TimeSpan life, TimeProvider time)
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowerBy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly long _begin = time.GetTimestamp();
    private TimeSpan _asked = interval ?? UsualInterval;
    private TimeSpan _pause = interval ?? UsualInterval;

    /// <summary>How long the code is good.</summary>
    public TimeSpan Life => life;

    /// <summary>Waits until the issuer may be asked again. False: the code ends before that.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        if (_pause >= life - time.GetElapsedTime(_begin)) return false;
        await Task.Delay(_pause, time, cancellation);
        return true;
    }

    /// <summary>The issuer answered: not yet.</summary>
    public void Answered() => _pause = _asked;

    /// <summary>The issuer wants to be asked less often from here on.</summary>
    public void SlowDown() => _pause = _asked += SlowerBy;

    /// <summary>The issuer was not reached: it is asked less often until it answers.</summary>
    public void Failed() => _pause = _pause * 2 < LongestPause ? _pause * 2 : _asked > LongestPause ? _asked : LongestPause;
}
