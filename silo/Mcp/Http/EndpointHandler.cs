using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Mcp.Http;

/// <summary>
/// Sends what the protocol's client wants sent, each request through the egress guard: to the configured host only, which tenant and platform
/// list, at an address that was checked, without following redirects, and with answers cut to bounds.
/// </summary>
internal sealed class EndpointHandler(
    HttpTransport transport, EgressGuard guard, TenantDirectory tenants, TenantSecrets secrets, EndpointCalls calls) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = EgressUrl.Parse(request.RequestUri!.OriginalString, "Url");
        var own = HostRules.Parse([calls.Host], "Url");
        var tenant = await tenants.RequireActiveAsync(calls.Tenant);
        guard.RequireAllowed(url, own, HostRules.Parse(tenant.Settings.EgressHosts, "tenant egressHosts"));
        foreach (var (name, value) in calls.Server.Headers)
            request.Headers.TryAddWithoutValidation(name, await secrets.FillAsync(value, cancellationToken));

        // A request on a connection that was used before may be sent twice by the handler: none is used twice, as for any at-most-once call.
        var response = await transport.SendAsync(request, EffectClass.AtMostOnce, cancellationToken);
        var isPush = request.Method == HttpMethod.Get;
        if (isPush && response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed)) calls.OnPushEnded();
        var isEvents = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var body = new BoundedStream(
            await response.Content.ReadAsStreamAsync(cancellationToken),
            isEvents ? MessageLimit.Event : MessageLimit.Whole,
            calls.Server.MaxResponseBytes,
            isPush ? calls.OnPushEnded : null);
        var bounded = new StreamContent(body);
        foreach (var (name, values) in response.Content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }
}
