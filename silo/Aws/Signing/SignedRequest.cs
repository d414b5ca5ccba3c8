using Amazon.Runtime;

namespace AgentRuntime.Aws.Signing;

/// <summary>A request to a service of which there is no package: POST to its root.</summary>
/// <param name="target">The operation as header <c>X-Amz-Target</c> names it; null for services that read it from the body.</param>
/// <param name="contentType">How the body is written.</param>
/// <param name="body">The body.</param>
internal sealed class SignedRequest(string? target, string contentType, byte[] body) : AmazonWebServiceRequest
{
    public string? Target { get; } = target;

    public string ContentType { get; } = contentType;

    public byte[] Body { get; } = body;
}
