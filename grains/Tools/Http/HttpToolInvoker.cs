using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Tenants;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;

namespace AgentRuntime.Tools.Http;

/// <summary>Calls tools over HTTP.</summary>
internal sealed class HttpToolInvoker(
    HttpTransport transport, EgressGuard guard, SecretSource secrets, TenantDirectory tenants, TimeProvider clock) : IToolInvoker
{
    public const int MaxRedirects = 5;
    public const int MaxTemplates = 4_096;

    private readonly ConcurrentDictionary<string, UrlTemplate> _templates = new(StringComparer.Ordinal);

    public bool Serves(ToolInvoker invoker) => invoker is HttpInvoker;

    public async Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        var progress = new Progress();
        try
        {
            return await CallAsync(invocation, progress, cancellation);
        }
        catch (AgentRuntimeException e)
        {
            return new ToolOutcome.Failed(e.Code, e.Message, e.IsTransient, progress.Sent);
        }
        catch (HttpRequestException e) when (e.InnerException is AgentRuntimeException refused)
        {
            // The guard refused to connect, so this request was not sent; one before a redirect may have been.
            return new ToolOutcome.Failed(refused.Code, refused.Message, refused.IsTransient, progress.Redirected);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Broken(invocation, e, progress);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
        {
            return new ToolOutcome.Failed(
                ErrorCode.Unavailable, $"Tool '{invocation.Tool.Tool}' cannot be reached: connecting takes too long.", IsTransient: true, progress.Redirected);
        }
        catch (OperationCanceledException)
        {
            return new ToolOutcome.Failed(ErrorCode.Timeout, $"The call of tool '{invocation.Tool.Tool}' was stopped.", IsTransient: true, progress.Sent);
        }
    }

    private async Task<ToolOutcome> CallAsync(ToolInvocation call, Progress progress, CancellationToken cancellation)
    {
        var http = (HttpInvoker)call.Tool.Contract.Invoker;
        var allowed = HostRules.Parse(call.Tool.Contract.EgressHosts, "egressHosts");
        var tenant = HostRules.Parse((await tenants.RequireActiveAsync(call.Tenant, cancellation)).Settings.EgressHosts, "tenant egressHosts");
        var plan = HttpRequestPlan.For(http, TemplateOf(http), call.Arguments);
        var headers = await ResolveAsync(call.Tenant, http.Headers, cancellation);
        var used = headers.Where(h => h.IsSecret).Select(h => h.Value).ToArray();
        var url = plan.Url;
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            guard.RequireAllowed(url, allowed, tenant);
            var sameHost = url.Target == plan.Url.Target && url.Uri.Scheme == plan.Url.Uri.Scheme;
            using var request = Build(call, http, url.Uri, plan.Body, sameHost ? headers : []);
            if (clock.GetUtcNow() >= call.Deadline)
                return new ToolOutcome.Failed(ErrorCode.Timeout, $"The deadline passed before tool '{call.Tool.Tool}' was called.", IsTransient: true, progress.Sent);
            progress.Sent = true;
            using var response = await transport.SendAsync(request, call.Tool.Contract.Effect, cancellation);
            if (!IsRedirect(response.StatusCode))
                return await HttpAnswer.ReadAsync(call, response, used, cancellation);
            if (http.Method != "GET")
                return Refused(call, "answered with a redirect, which is followed only for GET.");
            if (response.Headers.Location is not { } location)
                return Refused(call, "answered with a redirect to nowhere.");
            url = EgressUrl.Parse(Follow(url.Uri, location), "redirect");
            progress.Redirected = true;
        }

        return Refused(call, $"answered with more than {MaxRedirects} redirects.");
    }

    private UrlTemplate TemplateOf(HttpInvoker http)
    {
        if (_templates.TryGetValue(http.UrlTemplate, out var template))
            return template;
        if (_templates.Count >= MaxTemplates)
            _templates.Clear();
        return _templates[http.UrlTemplate] = UrlTemplate.Parse(http.UrlTemplate, "invoker.urlTemplate");
    }

    private async Task<List<Header>> ResolveAsync(TenantId tenant, IReadOnlyDictionary<string, string> headers, CancellationToken cancellation)
    {
        var resolved = new List<Header>(headers.Count);
        foreach (var (name, value) in headers)
        {
            var secret = SecretSource.NameOf(value);
            resolved.Add(secret is null
                ? new Header(name, value, IsSecret: false)
                : new Header(name, await secrets.ResolveAsync(tenant, secret, cancellation), IsSecret: true));
        }

        return resolved;
    }

    private static HttpRequestMessage Build(ToolInvocation call, HttpInvoker http, Uri url, byte[]? body, IReadOnlyList<Header> headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Method), url);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", call.IdempotencyKey);
        if (TraceContext.Write(call.Trace) is { } trace) request.Headers.TryAddWithoutValidation(TraceContext.Key, trace);
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return request;
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    // As it was written: Uri would already have turned a hexadecimal host into an address.
    private static string Follow(Uri from, Uri location) =>
        location.IsAbsoluteUri ? location.OriginalString : new Uri(from, location).AbsoluteUri;

    private static ToolOutcome.Failed Refused(ToolInvocation call, string what) =>
        new(ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' {what}", IsTransient: false, Sent: true);

    private static ToolOutcome.Failed Broken(ToolInvocation call, Exception e, Progress progress)
    {
        var error = (e as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var neverConnected = error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
        var what = error switch
        {
            HttpRequestError.NameResolutionError => "its host name cannot be resolved",
            HttpRequestError.SecureConnectionError => "no secure connection to its host could be made",
            HttpRequestError.ConnectionError => "no connection to its host could be made",
            HttpRequestError.ConfigurationLimitExceeded => "its answer's headers are too large",
            _ => "the connection broke",
        };
        return new ToolOutcome.Failed(
            ErrorCode.Unavailable, $"Tool '{call.Tool.Tool}' cannot be reached: {what}.", IsTransient: true, Sent: progress.Redirected || !neverConnected);
    }

    /// <summary>How far a call got when something stopped it.</summary>
    private sealed class Progress
    {
        public bool Sent { get; set; }

        public bool Redirected { get; set; }
    }

    private sealed record Header(string Name, string Value, bool IsSecret)
    {
        public override string ToString() => Name;
    }
}
