using AgentRuntime.Aws.DynamoDb.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;

namespace AgentRuntime.Aws;

/// <summary>Keeps the members of a cluster in DynamoDB.</summary>
public static class DynamoDBClusteringExtensions
{
    /// <summary>
    /// Keeps the members of the cluster in a DynamoDB table, which must exist when the silo starts. Of writers that have read the same version exactly one
    /// succeeds. The table is read by query of one partition, never whole.
    /// </summary>
    public static ISiloBuilder UseDynamoDBClustering(this ISiloBuilder builder, Action<DynamoDBClusteringOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services.AddAws();
        services.AddOptions<DynamoDBClusteringOptions>()
            .Configure(options => configureOptions?.Invoke(options))
            .Validate(static options => !string.IsNullOrWhiteSpace(options.TableName), "DynamoDBClusteringOptions.TableName is empty; name a table.")
            .ValidateOnStart();
        services.AddSingleton<IMembershipTable, DynamoDBMembershipTable>();
        return builder;
    }

    /// <summary>Finds the silos of a cluster in the table where they write themselves down. It must exist when the client connects.</summary>
    public static IClientBuilder UseDynamoDBClustering(this IClientBuilder builder, Action<DynamoDBGatewayOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services.AddAws();
        services.AddOptions<DynamoDBGatewayOptions>()
            .Configure(options => configureOptions?.Invoke(options))
            .Validate(static options => !string.IsNullOrWhiteSpace(options.TableName), "DynamoDBGatewayOptions.TableName is empty; name a table.")
            .ValidateOnStart();
        services.AddSingleton<IGatewayListProvider, DynamoDBGatewayList>();
        return builder;
    }
}
