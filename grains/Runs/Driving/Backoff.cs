namespace AgentRuntime.Runs.Driving;

/// <summary>Pauses between the attempts of one call: exponential with full jitter in the upper half, 200 ms to 30 s.</summary>
internal static class Backoff
{
    private const double FirstMs = 200;
    private const double MaxMs = 30_000;

    public static DateTimeOffset Next(int failures, DateTimeOffset now)
    {
        var ceiling = Math.Min(MaxMs, FirstMs * Math.Pow(2, failures));
        return now.AddMilliseconds(ceiling * (0.5 + Random.Shared.NextDouble() / 2));
    }
}
