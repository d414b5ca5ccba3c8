using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace AgentRuntime.Aws.Isolation;

/// <summary>A client of S3 with a gate in its pipeline.</summary>
internal sealed class GatedS3Client : AmazonS3Client
{
    /// <summary>With the credentials of the SDK's own chain.</summary>
    public GatedS3Client(AmazonS3Config config, TenantGate gate)
        : base(config) => RuntimePipeline.AddHandlerBefore<RetryHandler>(gate);

    public GatedS3Client(AWSCredentials credentials, AmazonS3Config config, TenantGate gate)
        : base(credentials, config) => RuntimePipeline.AddHandlerBefore<RetryHandler>(gate);
}
