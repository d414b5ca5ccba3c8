extern alias client;

using System.Net;
using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using AgentRuntime.Silo.Tests.Hosting;
using AgentRuntime.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.Issuers;

/// <summary>A whole silo that trusts two issuers: one for tenant acme, one for tenant other and the platform.</summary>
public sealed class IssuerApiTests : IAsyncLifetime
{
    private readonly SiloInProcess _silo = new();
    private TestIssuer _acme = null!;
    private TestIssuer _platform = null!;
    private GrpcChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _acme = await TestIssuer.StartAsync();
        _platform = await TestIssuer.StartAsync();
        await _silo.StartAsync(settings: Settings());
        _channel = GrpcChannel.ForAddress(_silo.Grpc);
        foreach (var tenant in new[] { "acme", "other" })
        {
            await new Wire.Tenants.TenantsClient(_channel).CreateTenantAsync(
                new Wire.CreateTenantRequest { TenantId = tenant, Settings = new Wire.TenantSettings { DisplayName = tenant } }, With(Token(_platform, null, "platform-operator")));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _silo.DisposeAsync();
        await _acme.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task Silo_OutsideDevelopment_DescribesItselfByItsDocumentOnly()
    {
        using var http = new HttpClient { BaseAddress = _silo.Http };
        foreach (var (path, status) in new[] { ("/openapi/v1.json", HttpStatusCode.OK), ("/scalar/", HttpStatusCode.NotFound), ("/scalar", HttpStatusCode.NotFound) })
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }

        using var reflection = new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await reflection.RequestStream.CompleteAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => reflection.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    [Fact]
    public async Task Call_WithATokenOfItsIssuer_IsServed()
    {
        await ListAsync("acme", Token(_acme, "acme", "developer"));
        await ListAsync("other", Token(_platform, "other", "developer"));
    }

    [Fact]
    public async Task Call_WithATokenOfTheOtherTenantsIssuer_IsRefused()
    {
        await RefusedAsync("may not speak for", "other", Token(_acme, "other", "developer"));
        await RefusedAsync("may not speak for", "acme", Token(_platform, "acme", "developer"));
    }

    [Fact]
    public async Task Call_WithADevelopmentToken_IsRefusedAndItsKeyWasNeverMade()
    {
        Assert.False(File.Exists(Path.Combine(_silo.DataFolder, "keys", DevIssuer.KeyFileName)));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var claims = DevTokens.Claims(_silo.Services.GetRequiredService<AgentRuntime.FrontDoor.FrontDoorPlace>().ClusterId, TimeProvider.System.GetUtcNow(), Roles.Developer);
        await RefusedAsync("does not know", "acme", DevTokens.Sign(DevTokens.Header(), claims, key));
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["FrontDoor:Identity:Issuers:acme:Authority"] = _acme.Authority,
        ["FrontDoor:Identity:Issuers:acme:Audience"] = "agentruntime",
        ["FrontDoor:Identity:Issuers:acme:Tenants:0"] = "acme",
        ["FrontDoor:Identity:Issuers:acme:Roles:0"] = "developer",
        ["FrontDoor:Identity:Issuers:platform:Authority"] = _platform.Authority,
        ["FrontDoor:Identity:Issuers:platform:Audience"] = "agentruntime",
        ["FrontDoor:Identity:Issuers:platform:Tenants:0"] = "other",
        ["FrontDoor:Identity:Issuers:platform:Roles:0"] = "developer",
        ["FrontDoor:Identity:Issuers:platform:Platform"] = "true",
    };

    private static string Token(TestIssuer issuer, string? tenant, string role) => issuer.Token(issuer.Claims(TimeProvider.System.GetUtcNow(), tenant, "anna", role));

    private static Metadata With(string token) => new() { { "authorization", $"Bearer {token}" } };

    private async Task RefusedAsync(string reason, string tenant, string token)
    {
        var fault = await RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => ListAsync(tenant, token));
        Assert.Contains(reason, fault.Status.Detail, StringComparison.Ordinal);
    }

    private Task ListAsync(string tenant, string token) => new Wire.Runs.RunsClient(_channel)
        .ListRunsAsync(new Wire.ListRunsRequest { Parent = $"tenants/{tenant}" }, With(token), TimeProvider.System.GetUtcNow().AddSeconds(60).UtcDateTime).ResponseAsync;
}
