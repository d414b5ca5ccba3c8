namespace AgentRuntime.Runs.Journal;

/// <summary>A run's row: its place in the index of open runs and in lists.</summary>
internal sealed record RunRow(
    RunKey Key,
    long RunNo,
    string Agent,
    RunStatus Status,
    OpenState State,
    DateTimeOffset? WakeAt,
    string? Owner,
    string BodyDigest,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    byte[]? HeadHash = null);
