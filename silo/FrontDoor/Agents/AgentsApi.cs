using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Lists;
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
        return AgentMapping.ToWire(await Grain(caller.Tenant, agent).ApplyAsync(
            definition, caller.Principal, Input.Etag(request.Etag), context.CancellationToken), caller.Tenant);
    }

    public override async Task<V1.Agent> GetAgent(V1.GetAgentRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var agent = ResourceName.Agent(request.Name, caller.Tenant);
        if (request.Version < 0) throw new InvalidInputException("version", "must be a version, or 0 for the newest.");
        return await Grain(caller.Tenant, agent).GetAsync(request.Version, context.CancellationToken) is { } version
            ? AgentMapping.ToWire(version, caller.Tenant)
            : throw Missing.Resource("agent", agent.Value);
    }

    public override async Task<V1.ListAgentsResponse> ListAgents(V1.ListAgentsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var matches = MessageFilter.Compile(request.Filter, V1.Agent.Descriptor, "definition.model", "definition.risk_scope", "published_by", "create_time");
        var query = $"agents|{caller.Tenant}|{request.Filter}";
        var (agents, next) = await FilteredPage.ReadAsync(
            query, request.PageSize, request.PageToken, (after, limit, cancellation) => ReadAsync(caller.Tenant, after, limit, cancellation), matches, context.CancellationToken);
        return new V1.ListAgentsResponse { Agents = { agents }, NextPageToken = next };
    }

    public override async Task<Empty> DeleteAgent(V1.DeleteAgentRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var agent = ResourceName.Agent(request.Name, caller.Tenant);
        return await Grain(caller.Tenant, agent).DeleteAsync(caller.Principal, Input.Etag(request.Etag), context.CancellationToken)
            ? new Empty()
            : throw Missing.Resource("agent", agent.Value);
    }

    private async Task<(IReadOnlyList<V1.Agent> Agents, string? Next)> ReadAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation)
    {
        var names = await grains.GetGrain<IAgentIndexGrain>(AgentIndexGrainKey.For(tenant)).ListAsync(after, limit + 1, cancellation);
        var versions = await Task.WhenAll(names.Take(limit).Select(name => Grain(tenant, name).GetAsync(0, cancellation)));

        // A name may be in the index before its agent is stored.
        var shown = versions.OfType<AgentVersion>().Where(version => !version.Deleted);
        return ([.. shown.Select(version => AgentMapping.ToWire(version, tenant))], names.Count > limit ? names[limit - 1].Value : null);
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
