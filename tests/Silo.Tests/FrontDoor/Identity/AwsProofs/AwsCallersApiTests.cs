extern alias client;

using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using AgentRuntime.Silo.Tests.Hosting;
using AgentRuntime.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

/// <summary>A whole silo that knows two roles of IAM and nobody else.</summary>
public sealed class AwsCallersApiTests : IAsyncLifetime
{
    private readonly SiloInProcess _silo = new();
    private StsDouble _sts = null!;
    private GrpcChannel _channel = null!;
    private string _cluster = "";
    private int _proofs;

    public async ValueTask InitializeAsync()
    {
        _sts = await StsDouble.StartAsync();
        await _silo.StartAsync(settings: new Dictionary<string, string?>
        {
            ["FrontDoor:Identity:Sts:Endpoint"] = _sts.Endpoint.OriginalString,
            ["FrontDoor:Identity:AwsPrincipals:app:Role"] = $"arn:aws:iam::{StsDouble.Account}:role/app",
            ["FrontDoor:Identity:AwsPrincipals:app:Tenants:0"] = "acme",
            ["FrontDoor:Identity:AwsPrincipals:app:Roles:0"] = "developer",
            ["FrontDoor:Identity:AwsPrincipals:ops:Role"] = $"arn:aws:iam::{StsDouble.Account}:role/ops",
            ["FrontDoor:Identity:AwsPrincipals:ops:Platform"] = "true",
        });
        _channel = GrpcChannel.ForAddress(_silo.Grpc);
        _cluster = _silo.Services.GetRequiredService<FrontDoorPlace>().ClusterId;
        await new Wire.Tenants.TenantsClient(_channel).CreateTenantAsync(
            new Wire.CreateTenantRequest { TenantId = "acme", Settings = new Wire.TenantSettings { DisplayName = "acme" } }, With($"AWS-STS {Proof(StsDouble.OpsKey)}"));
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _silo.DisposeAsync();
        await _sts.DisposeAsync();
    }

    [Fact]
    public async Task Call_WithAProof_BringsASessionForTheNextCalls()
    {
        var call = List("acme", With($"AWS-STS {Proof()}"));
        var session = (await call.ResponseHeadersAsync).GetValue("x-agentruntime-session");
        await call;
        var asked = _sts.Hosts.Count;
        for (var i = 0; i < 3; i++) await List("acme", With($"Session {session}"));
        Assert.Equal(asked, _sts.Hosts.Count);
        await RpcAssert.RefusesAsync("parent", () => List("other", With($"Session {session}")).ResponseAsync);
    }

    [Fact]
    public async Task Call_WithAProofAgain_IsRefused()
    {
        var proof = With($"AWS-STS {Proof()}");
        await List("acme", proof);
        await RefusedAsync(proof);
    }

    [Fact]
    public async Task Call_WithTwoProofsOrAnother_IsRefused()
    {
        await RpcAssert.RefusesAsync("authorization", () => List("acme", new Metadata { { "authorization", $"AWS-STS {Proof()}" }, { "authorization", $"AWS-STS {Proof()}" } }).ResponseAsync);
        await RefusedAsync(With("AWS-STS aGVsbG8"));
        await RefusedAsync(With($"AWS-STS {Proof(StsDouble.StrangerKey)}"));
        await RefusedAsync(With("Session app.acme.1.9999999999.AAAA"));
        await RefusedAsync(With("Bearer a.b.c"));
    }

    [Fact]
    public async Task Call_NamesAnotherTenant_IsRefused() =>
        await RpcAssert.RefusesAsync("x-agentruntime-tenant", () => List("acme", new Metadata { { "authorization", $"AWS-STS {Proof()}" }, { "x-agentruntime-tenant", "other" } }).ResponseAsync);

    [Fact]
    public async Task Call_WhileStsIsDown_IsUnavailableWithAHint()
    {
        _sts.Behaviour = http => StsDouble.FailAsync(http, 503, "ServiceUnavailable");
        var fault = await RpcAssert.FailsAsync(StatusCode.Unavailable, () => List("acme", With($"AWS-STS {Proof()}")).ResponseAsync);
        Assert.NotNull(fault.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
    }

    [Fact]
    public void Silo_ThatKnowsRoles_HasNoDevelopmentIssuer() => Assert.False(File.Exists(Path.Combine(_silo.DataFolder, "keys", DevIssuer.KeyFileName)));

    // Proofs of one second differ in how long they are good.
    private string Proof(string key = StsDouble.AppKey) => new ProofDraft(_cluster, TimeProvider.System.GetUtcNow(), key)
    {
        Parameters = { ["X-Amz-Expires"] = $"{60 + _proofs++}" },
    }.Text();

    private static Metadata With(string authorization) => new() { { "authorization", authorization } };

    private Task RefusedAsync(Metadata headers) => RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => List("acme", headers).ResponseAsync);

    private AsyncUnaryCall<Wire.ListRunsResponse> List(string tenant, Metadata headers) => new Wire.Runs.RunsClient(_channel)
        .ListRunsAsync(new Wire.ListRunsRequest { Parent = $"tenants/{tenant}" }, headers, TimeProvider.System.GetUtcNow().AddSeconds(60).UtcDateTime);
}
