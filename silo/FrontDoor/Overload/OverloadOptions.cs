namespace AgentRuntime.FrontDoor.Overload;

/// <summary>How much the front door of one silo takes on before it refuses.</summary>
internal sealed class OverloadOptions
{
    public const string SectionName = "FrontDoor:Overload";

    /// <summary>
    /// Calls that are worked on at a time, per processor. 1 to 4,096; default 32. More helps a slow disk, and makes all calls slower where processors
    /// are what is short. An open watch counts only until it has begun.
    /// </summary>
    public int ConcurrentCallsPerProcessor { get; set; } = 32;

    /// <summary>Calls that may wait for their turn, per processor. 0 to 4,096; default 32. More refuses fewer in a burst, and lets all wait longer.</summary>
    public int WaitingCallsPerProcessor { get; set; } = 32;

    /// <summary>Milliseconds that a call waits for its turn before it is refused. 1 to 60,000; default 500.</summary>
    public int MaxWaitMilliseconds { get; set; } = 500;

    /// <summary>
    /// Runs whose loop is at work on this silo at a time, those that wait for a model or tool included, before new runs are refused. 1 to 10,000,000;
    /// default 50,000. More takes memory, some 30 kB each.
    /// </summary>
    public int MaxDrivenRuns { get; set; } = 50_000;
}
