namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Pauses between the attempts of one call: exponential with full jitter in the upper half, 200 ms to 30 s; longer where whoever failed asks
/// for it, up to <see cref="LongestAsked"/>.
/// </summary>
internal static class Backoff
{
    private const double FirstMs = 200;
    private const double MaxMs = 30_000;

    /// <summary>Who asks for a longer pause than this is asked again all the same, and uses up the attempts that there are.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    public static DateTimeOffset Next(int failures, DateTimeOffset now, TimeSpan? asked = null)
    {
        var ceiling = Math.Min(MaxMs, FirstMs * Math.Pow(2, failures));
        var ms = ceiling * (0.5 + Random.Shared.NextDouble() / 2);
        // The jitter stays: many runs were told the same moment.
        if (asked is { } pause) ms += (pause < LongestAsked ? pause : LongestAsked).TotalMilliseconds;
        return now.AddMilliseconds(ms);
    }
}
