namespace AgentRuntime.Aws;

/// <summary>Where the members of a cluster are written down.</summary>
public sealed class DynamoDBClusteringOptions
{
    /// <summary>The default of <see cref="TableName"/>.</summary>
    public const string DefaultTableName = "orleans-membership";

    /// <summary>The table; several clusters may share one. It must exist. Silos and clients of one cluster name the same.</summary>
    public string TableName { get; set; } = DefaultTableName;
}
