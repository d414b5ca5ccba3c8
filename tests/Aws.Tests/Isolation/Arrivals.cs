using System.Collections.Concurrent;
using System.Net;

namespace AgentRuntime.Aws.Tests.Isolation;

/// <summary>Sees what is sent, and answers it itself if it is told to.</summary>
internal sealed class Arrivals(HttpMessageHandler inner, ConcurrentQueue<string> arrived, HttpStatusCode? answer = null) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        arrived.Enqueue($"{request.Method} {request.RequestUri}");
        return answer is { } status
            ? Task.FromResult(new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent("<ListVersionsResult/>") })
            : base.SendAsync(request, cancellationToken);
    }
}
