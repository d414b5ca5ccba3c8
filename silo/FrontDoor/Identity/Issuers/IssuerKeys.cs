using AgentRuntime.Common;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity.Issuers;

/// <summary>
/// The keys of one issuer. They are read again when they are no longer fresh, in the background, and for a key id that is not among them, at once
/// but not often: tokens with invented ids cannot make this silo a burden to the issuer. While the issuer is down what was read last holds on, for a time.
/// </summary>
internal sealed partial class IssuerKeys(TrustedIssuer issuer, IssuerDocuments documents, TimeProvider time, ILogger<IssuerKeys> log) : IDisposable
{
    /// <summary>A key that the issuer takes back is refused after this, and one more use.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <summary>Between two readings, whatever calls for them.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long an issuer may be down before its tokens are good no more.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    private static readonly TimeSpan Patience = IssuerDocuments.Timeout * 3;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile KeySet? _held;
    private volatile OpenIdConnectConfiguration? _published;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    public TrustedIssuer Issuer => issuer;

    /// <summary>What the issuer publishes of itself, read when its keys were.</summary>
    /// <exception cref="AgentRuntimeException">Unavailable: it is not to be had.</exception>
    public async Task<OpenIdConnectConfiguration> PublishedAsync()
    {
        if (_published is null) await RefreshAsync(Patience);
        return _published ?? throw NoKeys();
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The key of an id, with the one algorithm that it signs with.</summary>
    /// <exception cref="AgentRuntimeException">
    /// Unauthenticated: the issuer has no such key; transient where it may have one since its keys were read. Unavailable: they are not to be had.
    /// </exception>
    public async Task<(SecurityKey Key, string Algorithm)> FindAsync(string keyId)
    {
        var held = _held;
        var asked = time.GetUtcNow();
        var age = asked - (held?.ReadAt ?? DateTimeOffset.MinValue);
        if (held is not null && held.Has(keyId) && age < MaxAge)
        {
            if (age >= FreshFor) _ = RefreshAsync(TimeSpan.Zero);
            return held.Find(keyId)!.Value;
        }

        await RefreshAsync(Patience);
        held = _held;
        if (held is null || time.GetUtcNow() - held.ReadAt >= MaxAge) throw NoKeys();
        if (held.Find(keyId) is { } found) return found;
        throw held.ReadAt >= asked
            ? TokenRefusal.Because($"names a key that its issuer '{issuer.Key}' does not have.")
            : TokenRefusal.ForNow($"names a key that its issuer '{issuer.Key}' does not have, or not long; try again after the pause in RetryInfo, or with a new token.");
    }

    private AgentRuntimeException NoKeys() => new(
        ErrorCode.Unavailable, $"credential: the keys of its issuer '{issuer.Key}' cannot be had now; try again, and tell the operator of the platform.", isTransient: true);

    private async Task RefreshAsync(TimeSpan patience)
    {
        if (!await _turn.WaitAsync(patience)) return;
        try
        {
            var now = time.GetUtcNow();
            if (now - _triedAt < MinInterval) return;
            _triedAt = now;
            _held = KeySet.Parse(await documents.GetAsync(issuer.JwksUri ?? await DiscoverAsync()), now);
        }
        catch (Exception fault)
        {
            LogNoKeys(issuer.Key, fault.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Uri> DiscoverAsync()
    {
        _published = await IssuerMetadata.ReadAsync(issuer, documents);
        return Uri.TryCreate(_published.JwksUri, UriKind.Absolute, out var uri) ? uri : throw new InvalidDataException("Its configuration names no jwks_uri.");
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys of issuer {Issuer} were not read; what was read before holds on. {Reason}")]
    private partial void LogNoKeys(string issuer, string reason);
}
