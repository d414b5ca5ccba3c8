using System.Net.Http.Headers;

namespace AgentRuntime.Models.OpenAI;

/// <summary>Adds the key at the last moment and bounds what comes back.</summary>
internal sealed class EndpointHandler : DelegatingHandler
{
    private readonly ApiKey _key;
    private readonly int _maxResponseBytes;

    // No redirects: one could carry the conversation and the key to whoever it names.
    public EndpointHandler(ApiKey key, Uri endpoint, int maxResponseBytes)
        : base(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            // A proxy would be told the key and the conversation in clear; to everybody else it is told of a tunnel.
            UseProxy = !endpoint.IsLoopback,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
    {
        (_key, _maxResponseBytes) = (key, maxResponseBytes);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = await _key.ReadAsync(cancellationToken) is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        var response = await base.SendAsync(request, cancellationToken);
        var bounded = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), _maxResponseBytes));
        foreach (var (name, values) in response.Content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }
}
