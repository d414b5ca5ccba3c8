using System.Collections.Concurrent;
using System.Security.Cryptography;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

/// <summary>
/// An OpenID Connect issuer on loopback with the device flow. Its person confirms when the test says so; its tokens are good for half a minute if the test
/// says nothing else. It takes each refresh token once, and gives the next with the token.
/// </summary>
internal sealed class DeviceIssuer : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentQueue<string> _grants = [];
    private readonly ConcurrentDictionary<string, bool> _isUsed = [];
    private readonly SemaphoreSlim _refreshed = new(0);
    private int _refreshes;
    private int _reused;
    private volatile bool _isConfirmed;
    private volatile bool _isDenied;

    private DeviceIssuer()
    {
        _app.MapGet("/.well-known/openid-configuration", Metadata);
        _app.MapGet("/keys", Keys);
        _app.MapPost("/device", Ask);
        _app.MapPost("/token", TokenAsync);
    }

    public string Address => _app.Urls.Single();

    /// <summary>The grants that were answered with a token.</summary>
    public IReadOnlyList<string> Grants => [.. _grants];

    /// <summary>How often it was asked to renew a login.</summary>
    public int Refreshes => Volatile.Read(ref _refreshes);

    /// <summary>How often it was shown a refresh token that it had taken before.</summary>
    public int Reused => Volatile.Read(ref _reused);

    /// <summary>How long tokens are good from here on.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What happens between its being asked to renew a login and its answer.</summary>
    public Func<Task> OnRefresh { get; set; } = () => Task.CompletedTask;

    /// <summary>Speaks for another issuer in its own document.</summary>
    public string? ClaimsToBe { get; set; }

    public static async Task<DeviceIssuer> StartAsync()
    {
        var issuer = new DeviceIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Waits until it has been asked to renew so often.</summary>
    public async Task WaitForRefreshesAsync(int count)
    {
        while (Refreshes < count) await _refreshed.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Confirm() => _isConfirmed = true;

    public void Deny() => _isDenied = true;

    /// <summary>Ends all logins.</summary>
    public void Revoke() => _isConfirmed = false;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _refreshed.Dispose();
    }

    private IResult Metadata() => Results.Json(new Dictionary<string, object>
    {
        ["issuer"] = ClaimsToBe ?? Address,
        ["jwks_uri"] = $"{Address}/keys",
        ["device_authorization_endpoint"] = $"{Address}/device",
        ["token_endpoint"] = $"{Address}/token",
    });

    private IResult Keys()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return Results.Json(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "k1", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } },
        });
    }

    private IResult Ask(HttpRequest request) => request.Form["client_id"] == "agentctl"
        ? Results.Json(new { device_code = "d1", user_code = "\u001b[31mWDJB", verification_uri = $"{Address}/confirm", interval = 1, expires_in = 600 })
        : Results.Json(new { error = "invalid_client" }, statusCode: 401);

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var grant = form["grant_type"].ToString();
        var isKnown = grant == "refresh_token" ? await TakeAsync(form["refresh_token"].ToString()) : form["device_code"] == "d1";
        if (_isDenied || !isKnown) return Results.Json(new { error = isKnown ? "access_denied" : "invalid_grant" }, statusCode: 400);
        if (!_isConfirmed) return Results.Json(new { error = "authorization_pending" }, statusCode: 400);
        _grants.Enqueue(grant);
        var refresh = Guid.NewGuid().ToString("N");
        _isUsed[refresh] = false;
        return Results.Json(new { access_token = Sign(), refresh_token = refresh, token_type = "Bearer", expires_in = (int)TokenLife.TotalSeconds });
    }

    /// <summary>Takes a refresh token, which is good once.</summary>
    private async Task<bool> TakeAsync(string refresh)
    {
        var isGood = _isUsed.TryUpdate(refresh, true, false);
        if (!isGood) Interlocked.Increment(ref _reused);
        Interlocked.Increment(ref _refreshes);
        _refreshed.Release();
        await OnRefresh();
        return isGood && _isConfirmed;
    }

    private string Sign()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = "agentruntime",
            IssuedAt = now,
            NotBefore = now,
            Expires = now + TokenLife,
            Claims = new Dictionary<string, object> { ["sub"] = "olga", ["email"] = "olga@example.com", ["roles"] = new[] { "platform-operator" }, ["jti"] = Guid.NewGuid().ToString("N") },
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(_key) { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
