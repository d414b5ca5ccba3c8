namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>Callers who pause equally long between their calls.</summary>
internal static class Pace
{
    /// <summary>When a caller begins, so that they come one after the other and not all at once.</summary>
    public static int BeginMs(int caller, int callers, int pauseMs) => (int)((long)pauseMs * caller / callers);
}
