using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Names;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Agents;

/// <summary>The service Agents: maps and calls, nothing else.</summary>
internal sealed class AgentsApi(IGrainFactory grains) : V1.Agents.AgentsBase
{
    public override async Task<V1.Agent> ApplyAgent(V1.ApplyAgentRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var (agent, definition) = Read(request, caller.Tenant);
        return AgentMapping.ToWire(await Grain(caller.Tenant, agent).ApplyAsync(definition, caller.Principal), caller.Tenant);
    }

    public override async Task<V1.Agent> GetAgent(V1.GetAgentRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var agent = ResourceName.Agent(request.Name, caller.Tenant);
        if (request.Version < 0) throw new InvalidInputException("version", "must be a version, or 0 for the newest.");
        return await Grain(caller.Tenant, agent).GetAsync(request.Version) is { } version
            ? AgentMapping.ToWire(version, caller.Tenant)
            : throw Missing.Resource("agent", agent.Value);
    }

    public override async Task<V1.ListAgentsResponse> ListAgents(V1.ListAgentsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var query = $"agents|{caller.Tenant}";
        var size = PageToken.Size(request.PageSize);
        var index = grains.GetGrain<IAgentIndexGrain>(AgentIndexGrainKey.For(caller.Tenant));
        var names = await index.ListAsync(PageToken.Read(query, request.PageToken), size + 1);
        var versions = await Task.WhenAll(names.Take(size).Select(name => Grain(caller.Tenant, name).GetAsync(0)));

        // A name may be in the index before its agent is stored.
        var shown = versions.OfType<AgentVersion>().Where(version => !version.Deleted);
        var response = new V1.ListAgentsResponse { Agents = { shown.Select(version => AgentMapping.ToWire(version, caller.Tenant)) } };
        if (names.Count > size) response.NextPageToken = PageToken.Write(query, names[size - 1].Value);
        return response;
    }

    public override async Task<Empty> DeleteAgent(V1.DeleteAgentRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var agent = ResourceName.Agent(request.Name, caller.Tenant);
        return await Grain(caller.Tenant, agent).DeleteAsync(caller.Principal) ? new Empty() : throw Missing.Resource("agent", agent.Value);
    }

    private static (AgentId Agent, AgentDefinition Definition) Read(V1.ApplyAgentRequest request, TenantId tenant)
    {
        switch (request.SourceCase)
        {
            case V1.ApplyAgentRequest.SourceOneofCase.Definition:
                return (AgentId.Parse(request.AgentId, "agent_id"), AgentMapping.FromWire(request.Definition, tenant));
            case V1.ApplyAgentRequest.SourceOneofCase.Manifest:
                var manifest = Manifest.Single(request.Manifest, request.AgentId, "agent_id", AgentManifest.Parse, parsed => parsed.Agent.Value);
                return (manifest.Agent, manifest.Definition);
            default:
                throw new InvalidInputException("source", "needs a definition or a manifest.");
        }
    }

    private IAgentGrain Grain(TenantId tenant, AgentId agent) => grains.GetGrain<IAgentGrain>(AgentGrainKey.For(tenant, agent));
}
