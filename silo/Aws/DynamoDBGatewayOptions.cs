namespace AgentRuntime.Aws;

/// <summary>Where a client finds the silos of a cluster.</summary>
public sealed class DynamoDBGatewayOptions
{
    /// <summary>The table that the silos name in <see cref="DynamoDBClusteringOptions.TableName"/>. A client only reads it.</summary>
    public string TableName { get; set; } = DynamoDBClusteringOptions.DefaultTableName;
}
