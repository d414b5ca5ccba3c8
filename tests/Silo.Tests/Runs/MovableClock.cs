namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>The system's clock, which somebody sets forward or back. Timers do not notice, as in life.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long _offsetTicks;

    public void Move(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));
}
