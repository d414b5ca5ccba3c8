namespace AgentRuntime.Runs.Journal;

/// <summary>What is needed to go on with a run, read in one transaction.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Snapshot">The newest snapshot, or null.</param>
/// <param name="SnapshotSeq">The seq it stands after; -1 without one.</param>
/// <param name="Entries">All records after <paramref name="SnapshotSeq"/>.</param>
internal sealed record LoadedRun(RunRow Row, byte[]? Snapshot, long SnapshotSeq, IReadOnlyList<JournalEntry> Entries);
