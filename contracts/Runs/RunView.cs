namespace AgentRuntime.Runs;

/// <summary>A run as it is now, without its conversation.</summary>
/// <param name="Run">The run.</param>
/// <param name="Agent">Its agent.</param>
/// <param name="AgentVersion">The version of the definition it is pinned to.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Steps">Model replies so far.</param>
/// <param name="LastSeq">The newest record's seq.</param>
/// <param name="Output">The answer, once completed.</param>
/// <param name="ErrorCode">Why it failed; null unless failed.</param>
/// <param name="Message">Culprit and fix, or the reason of a pause or cancel; null when there is none.</param>
/// <param name="StartedAt">When it started (UTC).</param>
/// <param name="EndedAt">When it became terminal (UTC).</param>
/// <param name="ForkedFrom">Where it was forked; null for a run that began with its own input.</param>
/// <param name="Session">The conversation that it belongs to; null for none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.view")]
public sealed record RunView(
    [property: Id(0)] RunId Run,
    [property: Id(1)] string Agent,
    [property: Id(2)] int AgentVersion,
    [property: Id(3)] RunStatus Status,
    [property: Id(4)] int Steps,
    [property: Id(5)] long LastSeq,
    [property: Id(6)] string? Output,
    [property: Id(7)] ErrorCode? ErrorCode,
    [property: Id(8)] string? Message,
    [property: Id(9)] DateTimeOffset StartedAt,
    [property: Id(10)] DateTimeOffset? EndedAt,
    [property: Id(11)] ForkOrigin? ForkedFrom = null,
    [property: Id(12)] string? Session = null);
