namespace AgentRuntime.Mcp;

/// <summary>How many messages a server may send on one stream: each is looked at, and a server that floods keeps a core busy.</summary>
internal sealed class MessageRate(TimeProvider time)
{
    /// <summary>Messages in a second, on and on.</summary>
    public const int PerSecond = 1_000;

    /// <summary>Messages at once, after a time with few.</summary>
    public const int Burst = 10_000;

    private double _left = Burst;
    private long _lookedAt = time.GetTimestamp();

    /// <exception cref="TooManyMessagesException">It is one too many.</exception>
    public void Take()
    {
        if (_left < 1)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Burst, _left + (time.GetElapsedTime(_lookedAt, now).TotalSeconds * PerSecond));
            _lookedAt = now;
        }

        if (_left < 1) throw new TooManyMessagesException();
        _left--;
    }
}
