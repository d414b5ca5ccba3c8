using System.Collections.Frozen;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;

namespace AgentRuntime.Tools.Contracts;

/// <summary>What the http part of a contract may hold.</summary>
internal static class HttpContractRules
{
    public const int MaxHeaders = 32;
    public const int MaxHeaderChars = 4_096;
    public const int MaxResponseBytes = 16 * 1024 * 1024;

    // The runtime writes these itself; a second value would let a contract smuggle a request or take the key of another call.
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect",
        "Idempotency-Key", "Proxy-Connection", "Proxy-Authorization", "Accept-Encoding",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Sensitive = ["authorization", "cookie", "token", "secret", "api-key", "apikey", "password", "credential"];

    public static void Check(ToolContract contract, HttpInvoker http, HostRules hosts)
    {
        if (http.Method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE"))
            throw new InvalidInputException("invoker.method", "must be GET, POST, PUT, PATCH or DELETE.");
        if (http.MaxResponseBytes is < 1 or > MaxResponseBytes)
            throw new InvalidInputException("invoker.maxResponseBytes", $"must be 1 to {MaxResponseBytes}, not {http.MaxResponseBytes}.");
        var template = UrlTemplate.Parse(http.UrlTemplate, "invoker.urlTemplate");
        if (!hosts.Covers(template.Base.Target))
            throw new InvalidInputException("egressHosts", $"must name '{template.Base.Target}', which the URL asks for.");
        CheckPlaceholders(contract.InputSchema, template);
        CheckHeaders(http.Headers);
    }

    private static void CheckPlaceholders(string inputSchema, UrlTemplate template)
    {
        using var schema = JsonDocument.Parse(inputSchema, new JsonDocumentOptions { MaxDepth = 2 * JsonSchema.SchemaLimits.MaxDepth });
        schema.RootElement.TryGetProperty("required", out var required);
        foreach (var name in template.Names)
        {
            var isThere = schema.RootElement.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);
            if (!isThere || required.ValueKind != JsonValueKind.Array || !required.EnumerateArray().Any(r => r.GetString() == name))
                throw new InvalidInputException("invoker.urlTemplate", $"'{{{name}}}' must be a required property of the input schema.");
        }
    }

    private static void CheckHeaders(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > MaxHeaders)
            throw new InvalidInputException("invoker.headers", $"must be at most {MaxHeaders}, not {headers.Count}.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            if (name.Length is 0 or > 128 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
                throw new InvalidInputException("invoker.headers", "a header name must be 1 to 128 token characters (RFC 9110, 5.6.2).");
            if (Reserved.Contains(name))
                throw new InvalidInputException("invoker.headers", $"'{name}' is written by the runtime.");
            if (!seen.Add(name))
                throw new InvalidInputException("invoker.headers", $"names '{name}' twice; remove one.");
            CheckValue(name, value);
        }
    }

    private static void CheckValue(string name, string value)
    {
        if (value.Length > MaxHeaderChars || value.Any(c => c is < ' ' or > '~'))
            throw new InvalidInputException("invoker.headers", $"the value of '{name}' must be printable ASCII without line breaks, at most {MaxHeaderChars} characters.");
        if (SecretSource.NameOf(value) is { } secret)
        {
            IdFormat.Require(secret, $"invoker.headers, secret of '{name}'");
            return;
        }

        if (Array.Exists(Sensitive, s => name.Contains(s, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidInputException("invoker.headers", $"'{name}' must be secret:NAME; a contract holds no secret.");
    }
}
