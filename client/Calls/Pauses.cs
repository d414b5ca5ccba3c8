using Grpc.Core;

namespace AgentRuntime.Client.Calls;

/// <summary>Whether an attempt that failed is worth another, and after how long. Not thread-safe: one for each call.</summary>
internal sealed class Pauses(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly long _begin = time.GetTimestamp();
    private TimeSpan _next = First;

    /// <summary>How long to wait before the next attempt; null for no other attempt.</summary>
    public TimeSpan? Next(RpcException fault, DateTime deadline)
    {
        if (!LostCalls.IsWorthAnother(fault)) return null;
        var asked = AgentRuntimeError.RetryAfterOf(fault);

        // Full jitter, so that those who were turned away together do not come back together.
        var pause = (asked ?? TimeSpan.Zero) + (_next * (0.5 + (Random.Shared.NextDouble() / 2)));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        var isInTime = time.GetElapsedTime(_begin) + pause <= patience && time.GetUtcNow().UtcDateTime + pause < deadline;
        return isInTime ? pause : null;
    }
}
