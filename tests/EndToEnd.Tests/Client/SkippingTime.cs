using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.EndToEnd.Tests.Client;

/// <summary>A clock on which whoever waits need not: it moves on to the end of each wait, and remembers how long that was.</summary>
internal sealed class SkippingTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = [];

    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);

        // Whoever made the timer has to have it before it fires.
        ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}
