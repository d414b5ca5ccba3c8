using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;
using ModelContextProtocol.Protocol;

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
        var isPush = request.Method == HttpMethod.Get;
        var response = isPush ? await PushAsync(request, cancellationToken) : await SendCheckedAsync(request, cancellationToken);
        if (IsRefusedCall(request, response)) throw Refused(response);
        var isEvents = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var body = new BoundedStream(
            await response.Content.ReadAsStreamAsync(cancellationToken),
            isEvents ? MessageLimit.Event : MessageLimit.Whole,
            calls.Server.MaxResponseBytes,
            new MessageRate(calls.Time),
            isPush ? _ => calls.OnPushEnded() : null);
        var bounded = new StreamContent(body);
        foreach (var (name, values) in response.Content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }

    private async Task<HttpResponseMessage> PushAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var response = await SendCheckedAsync(request, cancellation);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed)) calls.OnPushEnded();
            return response;
        }
        catch (AgentRuntimeException refused)
        {
            calls.OnPushEnded();

            // The stream may be the rest of a call's answer: that it may not be read on does not say that the call was never sent.
            throw new HttpRequestException(refused.Message);
        }
        catch
        {
            calls.OnPushEnded();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendCheckedAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var url = EgressUrl.Parse(request.RequestUri!.OriginalString, "Url");
        var own = HostRules.Parse([calls.Host], "Url");
        var tenant = await tenants.RequireActiveAsync(calls.Tenant, cancellation);
        guard.RequireAllowed(url, own, HostRules.Parse(tenant.Settings.EgressHosts, "tenant egressHosts"));
        foreach (var (name, value) in calls.Server.Headers)
            request.Headers.TryAddWithoutValidation(name, await secrets.FillAsync(value, cancellation));

        // A request on a connection that was used before may be sent twice by the handler: none is used twice, as for any at-most-once call.
        return await transport.SendAsync(request, EffectClass.AtMostOnce, cancellation);
    }

    // The protocol's client would hide the status behind the error in the body, and with it that the call was not accepted.
    private static bool IsRefusedCall(HttpRequestMessage request, HttpResponseMessage response) =>
        (int)response.StatusCode is >= 400 and < 500 && request.Headers.TryGetValues("Mcp-Method", out var method) && method.Contains(RequestMethods.ToolsCall);

    private static HttpRequestException Refused(HttpResponseMessage response)
    {
        using (response) return new HttpRequestException(message: null, inner: null, response.StatusCode);
    }
}
