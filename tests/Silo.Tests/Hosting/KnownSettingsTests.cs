using System.Reflection;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.Tools.Http.Egress;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Silo.Tests.Hosting;

public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("Sillo:GrpcPort", "Setting Sillo is unknown")]
    [InlineData("Silo:GrpcPrt", "Setting Silo:GrpcPrt is unknown. Correct it or leave it out; there are AdvertisedAddress, ClusterId, DataFolder, GatewayPort, GrpcPort")]
    [InlineData("FrontDoor:Heartbeat", "Setting FrontDoor:Heartbeat is unknown")]
    [InlineData("FrontDoor:Certificate:File", "Setting FrontDoor:Certificate:File is unknown")]
    [InlineData("FrontDoor:Identity:Issuers:corp:Audiance", "Setting FrontDoor:Identity:Issuers:corp:Audiance is unknown")]
    [InlineData("Tenancy:Modus", "Setting Tenancy:Modus is unknown")]
    [InlineData("Mcp:Servers:files:Comand", "Setting Mcp:Servers:files:Comand is unknown")]
    [InlineData("Models:OpenAI:assistant:Endpont", "Setting Models:OpenAI:assistant:Endpont is unknown")]
    [InlineData("Models:Anthropic:x:Model", "Setting Models:Anthropic is unknown. Correct it or leave it out; there are OpenAI, Record, Replay.")]
    public void Require_KeyThatNothingReads_IsNamedWithThoseThatThereAre(string key, string refusal) =>
        Assert.StartsWith(refusal, Assert.Throws<AgentRuntimeException>(() => Require(key)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("silo:grpcport")]
    [InlineData("Silo:Serves:0")]
    [InlineData("FrontDoor:Hosts:0")]
    [InlineData("FrontDoor:HeartbeatSeconds")]
    [InlineData("FrontDoor:Identity:Issuers:corp:Tenants:0")]
    [InlineData("Mcp:Servers:files:Command:0")]
    [InlineData("Mcp:Servers:files:Environment:PATH")]
    [InlineData("Models:OpenAI:assistant:Endpoint")]
    [InlineData("Logging:Format")]
    [InlineData("SECRET:ACME:TOKEN")]
    [InlineData("DATA")]
    [InlineData("OTEL_SERVICE_NAME")]
    public void Require_KeyThatSomethingReads_IsAccepted(string key) => Require(key);

    /// <summary>Whoever adds a section adds it to the list.</summary>
    [Fact]
    public void Require_EachOptionOfSiloAndGrains_IsAccepted()
    {
        var holders = new[] { typeof(KnownSettings).Assembly, typeof(EgressOptions).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Select(type => (Type: type, Section: type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
            .Where(each => each.Section is { } section && !section.StartsWith("Models:", StringComparison.Ordinal))
            .ToList();

        Assert.True(holders.Count > 5);
        Assert.All(holders, each => Require($"{each.Section}:{each.Type.GetProperties()[0].Name}"));
    }

    private static void Require(string key) => KnownSettings.Require(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x")]).Build());
}
