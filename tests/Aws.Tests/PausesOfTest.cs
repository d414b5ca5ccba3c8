namespace AgentRuntime.Aws.Tests;

/// <summary>A clock by which every pause is over at once, and remembered.</summary>
internal sealed class PausesOfTest : TimeProvider
{
    private readonly List<TimeSpan> _taken = [];

    public IReadOnlyList<TimeSpan> Taken => _taken;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_taken) _taken.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
