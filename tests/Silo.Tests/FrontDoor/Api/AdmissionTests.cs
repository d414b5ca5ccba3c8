extern alias client;

using System.Net;
using System.Net.Http.Headers;
using AgentRuntime.Common;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What every call passes before anything is done.</summary>
public sealed class AdmissionTests(FrontDoorHost host) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(host.Endpoint);

    private string Good => $"Bearer {host.Token("acme", "anna", Roles.Developer)}";

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Call_WithoutCredential_IsUnauthenticated() => await RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => ListAsync([]));

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer rubbish")]
    [InlineData("Basic YTpi")]
    public async Task Call_WithRubbish_IsUnauthenticated(string credential) =>
        await RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => ListAsync(new Metadata { { "authorization", credential } }));

    [Fact]
    public async Task Call_WithTwoCredentials_IsRefused() =>
        await RpcAssert.RefusesAsync("authorization", () => ListAsync(new Metadata { { "authorization", Good }, { "authorization", Good } }));

    [Fact]
    public async Task Call_WithMetadataThatNamesATenant_HoldsOnlyIfItIsTheCredentials()
    {
        await ListAsync(new Metadata { { "authorization", Good }, { "x-agentruntime-tenant", "acme" } });
        await RpcAssert.RefusesAsync(
            "x-agentruntime-tenant", () => ListAsync(new Metadata { { "authorization", Good }, { "x-agentruntime-tenant", "other" } }));
    }

    [Fact]
    public async Task Call_OfAPlatformOperator_GetsNoTenantsData() => await RpcAssert.FailsAsync(
        StatusCode.PermissionDenied, () => ListAsync(new Metadata { { "authorization", $"Bearer {host.Token(null, "olga", Roles.PlatformOperator)}" } }));

    [Fact]
    public async Task Call_WithHugeMetadata_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(() => ListAsync(new Metadata { { "authorization", Good }, { "x-fill", new string('x', 60_000) } }));
        Assert.NotEqual(StatusCode.OK, fault.StatusCode);
    }

    [Fact]
    public async Task Call_ForAnotherHost_IsRefused()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Endpoint, "/agentruntime.v1.Runs/ListRuns"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Host = "evil.example";
        request.Headers.TryAddWithoutValidation("authorization", Good);
        using var response = await http.SendAsync(request, Patience);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task HealthCheck_WithoutCredential_Answers()
    {
        var health = await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Patience);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public void EndpointFile_OfARunningSilo_NamesItsPorts()
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(host.DataFolder, "endpoints")));
        Assert.Equal($"{host.Endpoint.Port}.json", Path.GetFileName(file));
        Assert.Equal($$"""{"url":"http://127.0.0.1:{{host.Endpoint.Port}}","http":"http://127.0.0.1:{{host.HttpEndpoint.Port}}"}""", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private Task ListAsync(Metadata metadata) => new Wire.Runs.RunsClient(_channel)
        .ListRunsAsync(new Wire.ListRunsRequest { Parent = "tenants/acme" }, metadata, cancellationToken: Patience).ResponseAsync;
}
