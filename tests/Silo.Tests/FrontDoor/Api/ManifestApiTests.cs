extern alias client;

using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

public sealed class ManifestApiTests(FrontDoorHost host)
{
    private const string Manifest = "kind: Agent\nname: writer\ninstructions: Write.\nmodel: asking\nriskScope: read\n";

    private readonly Wire.Agents.AgentsClient _agents = host.Client("dave", Roles.Developer).Agents;
    private readonly Wire.Tools.ToolsClient _tools = host.Client("dave", Roles.Developer).Tools;

    [Fact]
    public async Task ApplyAgent_Manifest_MakesAVersionOnlyWhenItChanges()
    {
        var first = await ApplyAsync(Manifest);
        Assert.Equal(("tenants/acme/agents/writer", 1), (first.Name, first.Version));
        Assert.Equal(first, await ApplyAsync(Manifest));
        Assert.Equal(2, (await ApplyAsync(Manifest.Replace("Write.", "Write more.", StringComparison.Ordinal))).Version);

        var listed = await _agents.ListAgentsAsync(new Wire.ListAgentsRequest { Parent = "tenants/acme" }, cancellationToken: Patience);
        Assert.Equal(2, Assert.Single(listed.Agents, agent => agent.Name == first.Name).Version);
        var old = await _agents.GetAgentAsync(new Wire.GetAgentRequest { Name = first.Name, Version = 1 }, cancellationToken: Patience);
        Assert.Equal("Write.", old.Definition.Instructions);
    }

    [Fact]
    public async Task ApplyAgent_Definition_IsTheSameAsItsManifest()
    {
        var manifest = "kind: Agent\nname: twin\ninstructions: Pay.\nmodel: asking\nriskScope: write-high\ntools: [pay]\nlimits: { maxSteps: 7 }\n";
        var applied = await ApplyAsync(manifest);
        var request = new Wire.ApplyAgentRequest { Parent = "tenants/acme", AgentId = "twin", Definition = applied.Definition };
        Assert.Equal(applied, await _agents.ApplyAgentAsync(request, cancellationToken: Patience));
        Assert.Equal((7, 50), (applied.Definition.Limits.MaxSteps, applied.Definition.Limits.MaxRetriesPerRun));
    }

    [Fact]
    public async Task DeleteAgent_ThenStart_IsRefused()
    {
        await ApplyAsync(Manifest.Replace("writer", "goner", StringComparison.Ordinal));
        await _agents.DeleteAgentAsync(new Wire.DeleteAgentRequest { Name = "tenants/acme/agents/goner" }, cancellationToken: Patience);
        var start = new Wire.StartRunRequest { Parent = "tenants/acme", Agent = "tenants/acme/agents/goner", Input = "x", RequestId = "goner-1" };
        await Assert.ThrowsAsync<RpcException>(
            () => host.Client("dave", Roles.Developer).Runs.StartRunAsync(start, cancellationToken: Patience).ResponseAsync);
    }

    [Theory]
    [InlineData("kind: Agent\nname: Bad\n")]
    [InlineData("kind: Agent\nname: writer\nname: writer\n")]
    [InlineData("kind: Agent\nname: writer\ninstructions: x\nmodel: asking\nriskScope: read\nsurprise: 1\n")]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n")]
    [InlineData("kind: Agent\nname: a\ninstructions: x\nmodel: asking\nriskScope: read\n---\nkind: Agent\nname: b\ninstructions: x\nmodel: asking\nriskScope: read\n")]
    [InlineData("{{{{")]
    [InlineData("")]
    public async Task ApplyAgent_BadManifest_IsAnInvalidArgument(string yaml) =>
        await RpcAssert.FailsAsync(StatusCode.InvalidArgument, () => ApplyAsync(yaml));

    [Fact]
    public async Task ApplyAgent_DeepManifest_IsRefused() =>
        await RpcAssert.FailsAsync(StatusCode.InvalidArgument, () => ApplyAsync(Manifest + "limits: " + new string('[', 50_000)));

    [Fact]
    public async Task ApplyAgent_HugeManifest_IsRefused() =>
        await RpcAssert.RefusesAsync("manifest", () => ApplyAsync(Manifest + "# " + new string('x', 300_000)));

    [Fact]
    public async Task ApplyAgent_OtherIdThanTheManifest_IsRefused() => await RpcAssert.RefusesAsync("agent_id", () => _agents.ApplyAgentAsync(
        new Wire.ApplyAgentRequest { Parent = "tenants/acme", AgentId = "reader", Manifest = Manifest }, cancellationToken: Patience).ResponseAsync);

    [Fact]
    public async Task PublishTool_ByWhoRegisteredIt_IsRefused()
    {
        var mine = await _tools.GetToolAsync(new Wire.GetToolRequest { Name = "tenants/acme/tools/pay" }, cancellationToken: Patience);
        mine.Contract.Description = "Pays twice.";
        var draft = await _tools.RegisterToolAsync(
            new Wire.RegisterToolRequest { Parent = "tenants/acme", ToolId = "pay-twice", Contract = Renamed(mine.Contract, "pay-twice") }, cancellationToken: Patience);
        Assert.False(draft.HasPublishedBy);
        var publish = new Wire.PublishToolRequest { Name = draft.Name, ContractHash = draft.ContractHash };

        await RpcAssert.FailsAsync(StatusCode.PermissionDenied, () => PublishAsync("dave", publish));
        Assert.True((await PublishAsync("rita", publish)).HasPublishedBy);
        var listed = await _tools.ListToolsAsync(new Wire.ListToolsRequest { Parent = "tenants/acme", PageSize = 1 }, cancellationToken: Patience);
        Assert.Equal("tenants/acme/tools/pay", Assert.Single(listed.Tools).Name);
        Assert.NotEmpty(listed.NextPageToken);
    }

    [Fact]
    public async Task RegisterTool_BadSchema_NamesIt()
    {
        var contract = (await _tools.GetToolAsync(new Wire.GetToolRequest { Name = "tenants/acme/tools/pay" }, cancellationToken: Patience)).Contract;
        foreach (var schema in new[] { "{", "", new string('[', 100_000), """{"a":""" + new string('[', 70) + new string(']', 70) + "}" })
        {
            contract.InputSchema = schema;
            await RpcAssert.RefusesAsync("contract.input_schema", () => _tools.RegisterToolAsync(
                new Wire.RegisterToolRequest { Parent = "tenants/acme", ToolId = "bad", Contract = contract }, cancellationToken: Patience).ResponseAsync);
        }
    }

    private static Wire.ToolContract Renamed(Wire.ToolContract contract, string wireName)
    {
        contract.WireName = wireName;
        return contract;
    }

    private async Task<Wire.Agent> ApplyAsync(string yaml) =>
        await _agents.ApplyAgentAsync(new Wire.ApplyAgentRequest { Parent = "tenants/acme", Manifest = yaml }, cancellationToken: Patience);

    private async Task<Wire.Tool> PublishAsync(string person, Wire.PublishToolRequest request) =>
        await host.Client(person, Roles.ToolReviewer).Tools.PublishToolAsync(request, cancellationToken: Patience);
}
