using System.Text.Json.Nodes;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.Issuers;

/// <summary>A reader that trusts one issuer, over real HTTP, on a clock that can be moved.</summary>
internal sealed class IssuerBench : IAsyncDisposable
{
    private readonly IssuerDocuments _documents = new();

    private IssuerBench(TestIssuer issuer) => Issuer = issuer;

    public TestIssuer Issuer { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public IssuerTokenReader Reader { get; private set; } = null!;

    public static async Task<IssuerBench> StartAsync(Action<IssuerOptions>? change = null)
    {
        var bench = new IssuerBench(await TestIssuer.StartAsync());
        var options = new IssuerOptions { Authority = bench.Issuer.Authority, Audience = "agentruntime", PersonClaim = "email" };
        options.Tenants.Add("acme");
        options.Roles.Add("developer");
        options.Roles.Add("approver");
        change?.Invoke(options);
        var identity = new IdentityOptions();
        identity.Issuers["corp"] = options;
        bench.Reader = new IssuerTokenReader(TrustedIssuer.Read(identity), bench._documents, bench.Time, NullLogger<IssuerKeys>.Instance);
        return bench;
    }

    public JsonObject Claims(string? tenant = "acme", params string[] roles) => Issuer.Claims(Time.GetUtcNow(), tenant, "anna", roles is [] ? ["developer"] : roles);

    public string Token() => Issuer.Token(Claims());

    public Task<Caller> ReadAsync(string token) => Reader.ReadAsync(token);

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        _documents.Dispose();
        await Issuer.DisposeAsync();
    }
}
