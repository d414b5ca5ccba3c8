using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace AgentRuntime.Aws.Signing;

/// <summary>What the SDK wants to know of a service of which there is no package.</summary>
internal sealed class SignedConfig : ClientConfig
{
    // What is set by AwsConnection wins over them; the SDK asks for one of each mode.
    private static readonly DefaultConfigurationProvider Defaults = new(
        Enum.GetValues<DefaultConfigurationMode>().Select(static mode => new DefaultConfiguration { Name = mode, RetryMode = RequestRetryMode.Standard }));

    /// <param name="service">The service as its endpoints and signatures name it, such as <c>events</c>.</param>
    public SignedConfig(string service)
        : base(Defaults)
    {
        RegionEndpointServiceName = service;
        AuthenticationServiceName = service;
    }

    public override string RegionEndpointServiceName { get; }

    public override string ServiceVersion => "";

    public override string UserAgent => "AgentRuntime.Aws";

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        if (ServiceURL is { } configured) return new Endpoint(configured);
        return RegionEndpoint is { } region
            ? new Endpoint($"https://{RegionEndpointServiceName}.{region.SystemName}.{region.PartitionDnsSuffix}")
            : throw new AmazonClientException("No region is configured, and the SDK's own chain finds none.");
    }
}
