using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace AgentRuntime.Aws.Isolation;

/// <summary>A client of DynamoDB with a gate in its pipeline.</summary>
internal sealed class GatedDynamoDbClient : AmazonDynamoDBClient
{
    /// <summary>With the credentials of the SDK's own chain.</summary>
    public GatedDynamoDbClient(AmazonDynamoDBConfig config, TenantGate gate)
        : base(config) => RuntimePipeline.AddHandlerBefore<RetryHandler>(gate);

    public GatedDynamoDbClient(AWSCredentials credentials, AmazonDynamoDBConfig config, TenantGate gate)
        : base(credentials, config) => RuntimePipeline.AddHandlerBefore<RetryHandler>(gate);
}
