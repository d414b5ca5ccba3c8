namespace AgentRuntime.Runs.Driving;

/// <summary>Asks for the run as it is, between two appends, so that nothing is shown that is not durable.</summary>
internal sealed record GetRun
{
    public static readonly GetRun Instance = new();
}

/// <summary>Asks for what was said up to now.</summary>
internal sealed record GetSpoken
{
    public static readonly GetSpoken Instance = new();
}

/// <summary>Asks to look at the journal and the clock again.</summary>
internal sealed record WakeRun
{
    public static readonly WakeRun Instance = new();
}
