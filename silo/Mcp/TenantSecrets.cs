using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Secrets;

namespace AgentRuntime.Mcp;

/// <summary>Fills what a configuration leaves open for a tenant, and takes the secrets that were filled in out of what comes back.</summary>
internal sealed class TenantSecrets(SecretSource source, TenantId tenant)
{
    /// <summary>Shorter secrets would be found in ordinary text.</summary>
    private const int MinRedactedChars = 4;

    private readonly ConcurrentDictionary<string, byte> _used = new(StringComparer.Ordinal);

    /// <summary>The text with the tenant's id for <c>{tenant}</c>, or the tenant's secret for <c>secret:NAME</c>.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the secret is not set.</exception>
    public async ValueTask<string> FillAsync(string text, CancellationToken cancellation)
    {
        if (SecretSource.NameOf(text) is not { } name) return FillTenant(text);
        var secret = await source.ResolveAsync(tenant, name, cancellation);
        Use(secret);

        // "Bearer abc": a server that shows its credential shows it without the scheme.
        Use(secret[(secret.LastIndexOf(' ') + 1)..]);
        return secret;
    }

    /// <summary>Characters of the longest secret: what is cut off may end in so many of one that is not recognised.</summary>
    public int LongestChars => _used.Keys.Select(secret => secret.Length).DefaultIfEmpty().Max();

    public string FillTenant(string text) => text.Replace(Configuration.McpServerOptions.TenantMark, tenant.Value, StringComparison.Ordinal);

    /// <summary>A server that shows what it was given must not bring a secret into the journal.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _used.Keys.OrderByDescending(secret => secret.Length)) text = text.Replace(secret, "[secret]", StringComparison.Ordinal);
        return text;
    }

    private void Use(string secret)
    {
        if (secret.Length < MinRedactedChars) return;
        _used.TryAdd(secret, 0);
        _used.TryAdd(JsonEncodedText.Encode(secret, McpJson.Plain.Encoder).Value, 0);
    }
}
