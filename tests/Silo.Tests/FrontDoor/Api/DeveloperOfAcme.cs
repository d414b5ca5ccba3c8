extern alias client;

using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What the tests of lists and etags do over and over, as a developer of the tenant.</summary>
internal sealed class DeveloperOfAcme(FrontDoorHost host, string person = "anna")
{
    private readonly client::AgentRuntime.Client.AgentRuntimeClient _client = host.Client(person, Roles.Developer);

    public Wire.Runs.RunsClient Runs => _client.Runs;

    public Wire.Agents.AgentsClient Agents => _client.Agents;

    public Wire.Tools.ToolsClient Tools => _client.Tools;

    public Wire.Sessions.SessionsClient Sessions => _client.Sessions;

    public Wire.Approvals.ApprovalsClient Approvals => _client.Approvals;

    public async Task<Wire.Agent> ApplyAsync(string name, string risk, string etag = "", string instructions = "Pay.") => await Agents.ApplyAgentAsync(
        new Wire.ApplyAgentRequest
        {
            Parent = "tenants/acme",
            Manifest = $"kind: Agent\nname: {name}\ninstructions: {instructions}\nmodel: asking\nriskScope: {risk}\ntools: [pay]\n",
            Etag = etag,
        },
        cancellationToken: Patience);

    public async Task<Wire.Run> StartAsync(Wire.Agent agent, string input, string requestId) => await Runs.StartRunAsync(
        new Wire.StartRunRequest { Parent = "tenants/acme", Agent = agent.Name, Input = input, RequestId = requestId }, cancellationToken: Patience);

    /// <summary>Waits for the run's end.</summary>
    public async Task EndAsync(Wire.Run run)
    {
        using var watch = Runs.WatchRun(new Wire.WatchRunRequest { Name = run.Name }, cancellationToken: Patience);
        await foreach (var _ in watch.ResponseStream.ReadAllAsync(Patience))
        {
        }
    }

    /// <summary>Waits until each of the runs waits for an approval.</summary>
    public async Task WaitingAsync(IEnumerable<string> runs)
    {
        foreach (var run in runs)
        {
            using var watch = Runs.WatchRun(new Wire.WatchRunRequest { Name = run }, cancellationToken: Patience);
            var records = watch.ResponseStream.ReadAllAsync(Patience);
            Assert.True(await records.AnyAsync(answer => answer.Record?.Type == "approval.requested", Patience), $"{run} ended and asked nobody.");
        }
    }
}
