namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>Fetches what issuers publish, within bounds: size, time, no redirects, and never in clear text over a network.</summary>
internal sealed class IssuerDocuments : IDisposable
{
    /// <summary>Of one document. The largest key sets in use have some 30 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // A redirect would be followed to whoever it names, and a kept connection would miss that a name has moved.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Timeout,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        MaxResponseContentBufferSize = MaxBytes,
        Timeout = Timeout,
    };

    /// <summary>The text of a document.</summary>
    /// <exception cref="HttpRequestException">It is not to be had, or too large.</exception>
    /// <exception cref="TaskCanceledException">It took too long.</exception>
    public Task<string> GetAsync(Uri url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>The text of an answer to a form.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<string> PostAsync(Uri url, IEnumerable<KeyValuePair<string, string>> form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) });

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (!IssuerRules.IsSafe(request.RequestUri!)) throw new HttpRequestException($"{request.RequestUri} is neither https nor on loopback.");
            using var response = await _http.SendAsync(request);
            if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{request.RequestUri} answered {(int)response.StatusCode}.");
            return await response.Content.ReadAsStringAsync();
        }
    }
}
