using System.Net;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Asks STS who signed a proof, within bounds: size, time, no redirects.</summary>
internal sealed class StsRequests : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly AwsPrincipals _principals;
    private readonly HttpClient _http;

    public StsRequests(AwsPrincipals principals)
    {
        _principals = principals;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Timeout,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            // A trace is ours and none of AWS's business.
            ActivityHeadersPropagator = null,
        })
        {
            MaxResponseContentBufferSize = StsAnswer.MaxBytes,
            Timeout = Timeout,
        };
    }

    /// <exception cref="RefusedProofException">STS says that it does not hold.</exception>
    /// <exception cref="AgentRuntimeException">Unavailable: STS says nothing.</exception>
    public async Task<StsAnswer> AskAsync(AwsProof proof, string cluster, TenantId? tenant, CancellationToken cancellation)
    {
        using var request = RequestFor(proof, cluster, tenant);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (response.StatusCode == HttpStatusCode.OK) return StsAnswer.Parse(text);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden && StsAnswer.ErrorOf(text) is var code && !IsThrottling(code)) throw new RefusedProofException("sts_refused");
            throw Silent($"it answered {(int)response.StatusCode}");
        }
        catch (Exception fault) when (fault is HttpRequestException or InvalidDataException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Silent(fault.Message, fault);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestFor(AwsProof proof, string cluster, TenantId? tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_principals.Endpoint ?? new Uri($"https://{proof.Host}"), $"/?{proof.Query}"));
        request.Headers.Host = proof.Host;
        request.Headers.Add(AwsProof.ClusterHeader, cluster);
        if (tenant is { } named) request.Headers.Add(AwsProof.TenantHeader, named.Value);
        return request;
    }

    private static bool IsThrottling(string code) => code.Contains("Throttl", StringComparison.Ordinal) || code is "RequestLimitExceeded" or "TooManyRequestsException";

    private static AgentRuntimeException Silent(string what, Exception? inner = null) => new(
        ErrorCode.Unavailable, "credential: AWS STS does not say now whose it is; try again.", isTransient: true, inner ?? new HttpRequestException(what));
}
