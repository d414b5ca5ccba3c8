using Amazon.Runtime;

namespace AgentRuntime.Aws.Signing;

/// <summary>An answer that a service gave to a <see cref="SignedRequest"/>.</summary>
internal sealed class SignedResponse : AmazonWebServiceResponse
{
    public byte[] Body { get; init; } = [];
}
