namespace AgentRuntime.Runs.Sessions;

/// <summary>What is stored of a session. The runs name the ones before them, so that it does not grow with the conversation.</summary>
[GenerateSerializer, Alias("agentruntime.session.state")]
internal sealed record SessionState
{
    /// <summary>Empty until the session is made.</summary>
    [Id(0)]
    public string Agent { get; init; } = string.Empty;

    [Id(1)]
    public int AgentVersion { get; init; }

    [Id(2)]
    public string CreatedBy { get; init; } = string.Empty;

    [Id(3)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(4)]
    public long Runs { get; init; }

    /// <summary>The newest run. Written before it starts: if it does not exist, its start did not come through.</summary>
    [Id(5)]
    public string? Newest { get; init; }

    /// <summary>The run before it.</summary>
    [Id(6)]
    public string? BeforeNewest { get; init; }
}
