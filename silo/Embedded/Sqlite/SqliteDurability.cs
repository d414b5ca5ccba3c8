namespace AgentRuntime.Embedded.Sqlite;

/// <summary>What a commit survives.</summary>
internal enum SqliteDurability
{
    /// <summary>The end of every process (synchronous=NORMAL), not a power loss.</summary>
    Process,

    /// <summary>A power loss (synchronous=FULL, fullfsync on macOS).</summary>
    Power,
}
