namespace AgentRuntime.Embedded.Membership;

/// <summary>Where the cluster's members are written down.</summary>
internal sealed class SqliteClusteringOptions
{
    /// <summary>Path of the database file: one of its own, so that heartbeats never wait for the journal. No default.</summary>
    public string DatabasePath { get; set; } = "";
}
