using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Testing;

/// <summary>An OpenID Connect issuer on loopback that does as it is told, and signs whatever it is given.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackApp.Create();
    private int _keyRequests;
    private volatile IssuerKey[] _published;

    private TestIssuer()
    {
        _published = [Current];
        _app.MapGet("/.well-known/openid-configuration", () => Answer(Configuration));
        _app.MapGet("/keys", async () =>
        {
            Interlocked.Increment(ref _keyRequests);
            await Pause;
            return Answer(() => KeyDocument ?? Keys().ToJsonString());
        });
        _app.MapGet("/elsewhere", () => Results.Redirect("/keys"));
    }

    /// <summary>Its URL, which is its name.</summary>
    public string Authority => _app.Urls.First();

    /// <summary>Signs from now on.</summary>
    public IssuerKey Current { get; private set; } = IssuerKey.Rsa("k1");

    /// <summary>Answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>Until when it keeps its keys to itself.</summary>
    public Task Pause { get; set; } = Task.CompletedTask;

    /// <summary>What it publishes instead of its keys.</summary>
    public string? KeyDocument { get; set; }

    /// <summary>What it says instead of its name.</summary>
    public string? SaysName { get; set; }

    /// <summary>Where it says that its keys are.</summary>
    public string? SaysKeysAt { get; set; }

    public int KeyRequests => Volatile.Read(ref _keyRequests);

    public WebApplication App => _app;

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Signs with another key from now on, and publishes it and no other.</summary>
    public void Rotate(IssuerKey next)
    {
        Current = next;
        _published = [next];
    }

    /// <summary>The claims of a good token.</summary>
    public JsonObject Claims(DateTimeOffset now, string? tenant, string subject, params string[] roles)
    {
        var claims = new JsonObject
        {
            ["iss"] = Authority,
            ["aud"] = "agentruntime",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
            ["auth_time"] = now.ToUnixTimeSeconds(),
            ["sub"] = subject,
            ["email"] = $"{subject}@example.com",
            ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
        };
        if (tenant is not null) claims["tenant"] = tenant;
        return claims;
    }

    /// <summary>A token as the issuer would sign it.</summary>
    public string Token(JsonObject claims) => Current.Sign(claims);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(Func<string> text) => IsDown ? Results.StatusCode(503) : Results.Text(text(), "application/json", Encoding.UTF8);

    private string Configuration() => new JsonObject
    {
        ["issuer"] = SaysName ?? Authority,
        ["jwks_uri"] = SaysKeysAt ?? $"{Authority}/keys",
        ["authorization_endpoint"] = $"{Authority}/authorize",
        ["token_endpoint"] = $"{Authority}/token",
    }.ToJsonString();

    private JsonObject Keys() => new() { ["keys"] = new JsonArray([.. _published.Select(key => key.Public())]) };
}
