namespace AgentRuntime.Runs.Journal;

/// <summary>
/// A run's row: its place in the index of open runs and in lists. Once it is pruned its retention has ended: only the headers of its records
/// are left, or are about to be.
/// </summary>
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
    byte[]? HeadHash = null,
    bool IsPruned = false);
