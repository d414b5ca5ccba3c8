extern alias client;

using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Testing;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>Filters and orders of lists, through the front door.</summary>
public sealed class ListApiTests(FrontDoorHost host)
{
    private const string Parent = "tenants/acme";

    private readonly DeveloperOfAcme _of = new(host);

    [Fact]
    public async Task ListRuns_ByAgentStateAndTime_GivesThoseInTheOrder()
    {
        var agent = await _of.ApplyAsync("lister", "write-high");
        var runs = new List<string>();
        for (var i = 0; i < 3; i++) runs.Add((await _of.StartAsync(agent, "pay", $"list-{i}")).Name);
        await _of.EndAsync(await _of.StartAsync(agent, "hello", "list-done"));

        var first = await _of.Runs.GetRunAsync(new Wire.GetRunRequest { Name = runs[0] }, cancellationToken: Patience);
        var filter = $"agent = lister AND state = WAITING_FOR_APPROVAL AND start_time >= \"{first.StartTime.ToDateTimeOffset():O}\"";
        var request = new Wire.ListRunsRequest { Parent = Parent, PageSize = 2, Filter = filter, OrderBy = "start_time asc" };
        await _of.WaitingAsync(runs);
        var page = await _of.Runs.ListRunsAsync(request, cancellationToken: Patience);
        Assert.Equal(runs[..2], page.Runs.Select(run => run.Name));
        request.PageToken = page.NextPageToken;
        Assert.Equal(runs[2..], (await _of.Runs.ListRunsAsync(request, cancellationToken: Patience)).Runs.Select(run => run.Name));

        using var json = new JsonCaller(host.HttpEndpoint, host.Token("acme", "anna", Roles.Developer));
        var (_, answer) = await json.GetAsync($"/v1/{Parent}/runs?filter={Uri.EscapeDataString(filter)}&orderBy=start_time+desc");
        Assert.Equal(runs.AsEnumerable().Reverse(), answer["runs"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()));
        var (status, refused) = await json.GetAsync($"/v1/{Parent}/runs?filter=agent");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("filter: cannot be read", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAgents_ByModelAndRisk_GivesThose()
    {
        await _of.ApplyAsync("daring", "critical");
        Assert.Equal(["daring"], await AgentsAsync("definition.risk_scope = CRITICAL AND definition.model = asking"));
        Assert.Empty(await AgentsAsync("definition.risk_scope = CRITICAL AND definition.model != asking"));
        Assert.DoesNotContain("daring", await AgentsAsync("definition.risk_scope != CRITICAL"));
    }

    [Fact]
    public async Task ListToolsAndApprovals_ByRiskAndTool_GiveThose()
    {
        var tools = await _of.Tools.ListToolsAsync(new Wire.ListToolsRequest { Parent = Parent, Filter = "contract.risk = WRITE_HIGH AND contract.effect = IDEMPOTENT" }, cancellationToken: Patience);
        Assert.Contains("tenants/acme/tools/pay", tools.Tools.Select(tool => tool.Name));
        Assert.All(tools.Tools, tool => Assert.Equal(Wire.RiskLevel.WriteHigh, tool.Contract.Risk));

        var run = await _of.StartAsync(await _of.ApplyAsync("asker", "write-high"), "pay", "list-approval");
        await _of.WaitingAsync([run.Name]);
        Assert.Equal([run.Name], await ApprovalsAsync("agent = asker AND tool = pay"));
        Assert.Empty(await ApprovalsAsync("agent = asker AND tool != pay"));
        Assert.Empty(await ApprovalsAsync("agent = asker AND create_time < 2020-01-01"));
    }

    [Fact]
    public async Task List_BadFilter_NamesTheField()
    {
        await RpcAssert.RefusesAsync("filter", () => AgentsAsync("name = x"));
        await RpcAssert.RefusesAsync("filter", () => ApprovalsAsync("agent ="));
        await RpcAssert.RefusesAsync("filter", () => _of.Tools.ListToolsAsync(new Wire.ListToolsRequest { Parent = Parent, Filter = "risk = READ" }, cancellationToken: Patience).ResponseAsync);
        await RpcAssert.RefusesAsync("filter", () => _of.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest { Parent = Parent, Filter = "creator = x" }, cancellationToken: Patience).ResponseAsync);
        await RpcAssert.RefusesAsync("order_by", () => _of.Runs.ListRunsAsync(new Wire.ListRunsRequest { Parent = Parent, OrderBy = "agent" }, cancellationToken: Patience).ResponseAsync);
    }

    private async Task<IEnumerable<string>> AgentsAsync(string filter) =>
        (await _of.Agents.ListAgentsAsync(new Wire.ListAgentsRequest { Parent = Parent, Filter = filter }, cancellationToken: Patience)).Agents.Select(agent => agent.Name.Split('/')[^1]);

    private async Task<IEnumerable<string>> ApprovalsAsync(string filter) =>
        (await _of.Approvals.ListApprovalsAsync(new Wire.ListApprovalsRequest { Parent = Parent, Filter = filter }, cancellationToken: Patience)).Approvals.Select(approval => approval.Run);
}
