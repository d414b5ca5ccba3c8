namespace AgentRuntime.Runs.Journal;

/// <summary>The new content of the changing part of a run's row.</summary>
/// <param name="Status">Shown in lists.</param>
/// <param name="State">What the run owes.</param>
/// <param name="WakeAt">When a waiting run is due; null for never by itself.</param>
/// <param name="Owner">The silo generation that works on it; null when nobody does.</param>
/// <param name="EndedAt">When it became terminal.</param>
/// <param name="HeadHash">SHA-256 of the last header, set when it became terminal: no later record vouches for that header.</param>
internal sealed record RowChange(
    RunStatus Status, OpenState State, DateTimeOffset? WakeAt, string? Owner, DateTimeOffset? EndedAt = null, byte[]? HeadHash = null);
