using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;

namespace AgentRuntime.Aws.Signing;

/// <summary>
/// Sends requests to services of which there is no package, through the SDK's own pipeline: it finds credentials and region, signs (Signature Version 4), tries
/// again and holds back as for every other service.
/// </summary>
internal sealed class SignedClient : AmazonServiceClient
{
    private static readonly InvokeOptions Options = new() { RequestMarshaller = new Form(), ResponseUnmarshaller = new ResponseReader() };

    /// <summary>With the credentials of the SDK's own chain.</summary>
    public SignedClient(SignedConfig config)
        : base(config)
    {
    }

    public SignedClient(AWSCredentials credentials, SignedConfig config)
        : base(credentials, config)
    {
    }

    /// <summary>Sends a request and returns the body of the answer.</summary>
    /// <exception cref="AmazonServiceException">The service refused it, or does after all attempts.</exception>
    public async Task<byte[]> SendAsync(SignedRequest request, CancellationToken cancellation) =>
        (await InvokeAsync<SignedResponse>(request, Options, cancellation)).Body;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => pipeline.AddHandlerAfter<Marshaller>(new ByKey());

    private sealed class Form : IMarshaller<Amazon.Runtime.Internal.IRequest, AmazonWebServiceRequest>
    {
        public Amazon.Runtime.Internal.IRequest Marshall(AmazonWebServiceRequest input)
        {
            var request = (SignedRequest)input;
            var form = new DefaultRequest(request, "AgentRuntime.Aws") { HttpMethod = HttpMethod.Post.Method, ResourcePath = "/", Content = request.Body };
            form.Headers["Content-Type"] = request.ContentType;
            if (request.Target is { } target) form.Headers["X-Amz-Target"] = target;
            return form;
        }
    }

    private sealed class ByKey : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}
