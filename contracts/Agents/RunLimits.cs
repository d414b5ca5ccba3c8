namespace AgentRuntime.Agents;

/// <summary>Where a run stops by itself. Reaching one is a LimitReached record and fails the run with the limit's name.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.limits")]
public sealed record RunLimits
{
    /// <summary>Model replies in one run. 1 to 100,000; default 100.</summary>
    [Id(0)]
    public int MaxSteps { get; init; } = 100;

    /// <summary>Age of a run in seconds, waiting included. 1 to 31,536,000; default 604,800 (a week).</summary>
    [Id(1)]
    public int MaxWallSeconds { get; init; } = 604_800;

    /// <summary>Input and output tokens together, as the model reports them. Default 10,000,000.</summary>
    [Id(2)]
    public long MaxTokens { get; init; } = 10_000_000;

    /// <summary>Tool calls in one run. Default 1,000; attempts of one call count once.</summary>
    [Id(3)]
    public int MaxToolCalls { get; init; } = 1_000;

    /// <summary>Tool calls that one model reply may ask for. 1 to 64; default 16.</summary>
    [Id(4)]
    public int MaxFanOut { get; init; } = 16;

    /// <summary>Bytes of one record's payload. Default 16 MiB; beyond 64 KiB it is kept as an artifact.</summary>
    [Id(5)]
    public int MaxPayloadBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Attempts of one model or tool call. 1 to 10; default 3.</summary>
    [Id(6)]
    public int MaxAttemptsPerCall { get; init; } = 3;

    /// <summary>Repeated attempts over the whole run. Default 50.</summary>
    [Id(7)]
    public int MaxRetriesPerRun { get; init; } = 50;

    /// <summary>Seconds that one model call may take. Default 120.</summary>
    [Id(8)]
    public int ModelTimeoutSeconds { get; init; } = 120;

    /// <summary>Seconds until an approval expires, which denies. Default 86,400 (a day).</summary>
    [Id(9)]
    public int ApprovalSeconds { get; init; } = 86_400;
}
