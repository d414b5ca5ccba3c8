using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Tools.Http;

/// <summary>The connections of http tools, all of them through the guard.</summary>
internal sealed class HttpTransport(EgressGuard guard) : IDisposable
{
    private readonly HttpMessageInvoker _shared = new(Create(guard, TimeSpan.FromMinutes(1)));

    // On a connection that was used before, the handler may send a request twice when the server had just closed it.
    private readonly HttpMessageInvoker _single = new(Create(guard, TimeSpan.Zero));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, EffectClass effect, CancellationToken cancellation) =>
        (effect == EffectClass.AtMostOnce ? _single : _shared).SendAsync(request, cancellation);

    public void Dispose()
    {
        _shared.Dispose();
        _single.Dispose();
    }

    // No proxy, no cookies, no redirects, no decompression: each would reach, carry or unfold what nobody checked.
    private static SocketsHttpHandler Create(EgressGuard guard, TimeSpan lifetime) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        MaxResponseHeadersLength = 32,
        MaxConnectionsPerServer = 128,
        MaxResponseDrainSize = 0,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = lifetime,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, cancellation),
    };
}
