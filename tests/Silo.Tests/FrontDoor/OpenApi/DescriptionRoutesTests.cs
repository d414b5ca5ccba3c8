using System.Net;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;

namespace AgentRuntime.Silo.Tests.FrontDoor.OpenApi;

/// <summary>What a silo in development shows of its API.</summary>
public sealed class DescriptionRoutesTests(FrontDoorHost host)
{
    [Fact]
    public async Task Page_InDevelopment_ShowsTheDocument()
    {
        using var http = new HttpClient { BaseAddress = host.HttpEndpoint };
        using var page = await http.GetAsync(new Uri("/scalar/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("openapi/v1.json", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reflection_InDevelopment_ListsTheServices()
    {
        using var channel = GrpcChannel.ForAddress(host.Endpoint);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Contains("agentruntime.v1.Runs", call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
        await call.RequestStream.CompleteAsync();
    }
}
