namespace AgentRuntime.Embedded.Backup;

/// <summary>What was restored.</summary>
/// <param name="Backup">From what.</param>
/// <param name="Contents">What was verified.</param>
/// <param name="PausedRuns">Open runs, each of which waits for a person.</param>
/// <param name="Cluster">Id of the new folder's cluster.</param>
internal sealed record RestoreResult(BackupManifest Backup, StoreContents Contents, long PausedRuns, string Cluster);
