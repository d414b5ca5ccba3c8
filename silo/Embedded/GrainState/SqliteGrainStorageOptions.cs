namespace AgentRuntime.Embedded.GrainState;

/// <summary>One named store of grain state.</summary>
internal sealed class SqliteGrainStorageOptions
{
    /// <summary>Path of the database file; several named stores may share one. No default.</summary>
    public string DatabasePath { get; set; } = "";
}
