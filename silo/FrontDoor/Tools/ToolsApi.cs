using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Lists;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Manifests;
using AgentRuntime.Tools.Mcp;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Tools;

/// <summary>The service Tools: maps and calls, nothing else.</summary>
internal sealed class ToolsApi(IGrainFactory grains, McpImporter importer) : V1.Tools.ToolsBase
{
    public override async Task<V1.Tool> RegisterTool(V1.RegisterToolRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var (tool, contract) = Read(request);
        return ToolMapping.ToWire(await Grain(caller.Tenant, tool).RegisterAsync(contract, caller.Principal, context.CancellationToken), caller.Tenant);
    }

    public override async Task<V1.Tool> PublishTool(V1.PublishToolRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var tool = ResourceName.Tool(request.Name, caller.Tenant);
        var hash = Input.ContractHash(request.ContractHash, required: true);
        var published = await Grain(caller.Tenant, tool).PublishAsync(hash, caller.Principal, Input.Etag(request.Etag), context.CancellationToken);
        return ToolMapping.ToWire(published, caller.Tenant);
    }

    public override async Task<V1.Tool> GetTool(V1.GetToolRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var tool = ResourceName.Tool(request.Name, caller.Tenant);
        return await Grain(caller.Tenant, tool).GetAsync(Input.ContractHash(request.ContractHash, required: false), context.CancellationToken) is { } version
            ? ToolMapping.ToWire(version, caller.Tenant)
            : throw Missing.Resource("tool", tool.Value);
    }

    public override async Task<V1.ListToolsResponse> ListTools(V1.ListToolsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var matches = MessageFilter.Compile(request.Filter, V1.Tool.Descriptor, "contract.risk", "contract.effect", "registered_by", "create_time");
        var query = $"tools|{caller.Tenant}|{request.Filter}";
        var (tools, next) = await FilteredPage.ReadAsync(
            query, request.PageSize, request.PageToken, (after, limit, cancellation) => ReadAsync(caller.Tenant, after, limit, cancellation), matches, context.CancellationToken);
        return new V1.ListToolsResponse { Tools = { tools }, NextPageToken = next };
    }

    public override Task<V1.Tool> BlockTool(V1.BlockToolRequest request, ServerCallContext context) =>
        SetBlockedAsync(request.Name, request.Reason, request.Etag, blocked: true, context);

    public override Task<V1.Tool> UnblockTool(V1.UnblockToolRequest request, ServerCallContext context) =>
        SetBlockedAsync(request.Name, request.Reason, request.Etag, blocked: false, context);

    public override async Task<V1.ImportFromServerResponse> ImportFromServer(V1.ImportFromServerRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        ResourceName.RequireParent(request.Parent, caller.Tenant);
        var server = McpContractRules.RequireName(request.Server, "server");
        if (request.TimeoutMs is < 0 or > ContractRules.MaxTimeoutMs)
            throw new InvalidInputException("timeout_ms", $"must be 0 to {ContractRules.MaxTimeoutMs}, not {request.TimeoutMs}.");
        var dataClasses = request.DataClasses.Select(name => IdFormat.Require(name, "data_classes")).Distinct(StringComparer.Ordinal);
        var wish = new ImportWish([.. dataClasses], request.TimeoutMs == 0 ? null : request.TimeoutMs, Host: null);
        var report = await importer.ImportAsync(caller.Principal, caller.Tenant, server, wish, context.CancellationToken);
        return ToolMapping.ToWire(report, caller.Tenant);
    }

    public override async Task<V1.CompareWithServerResponse> CompareWithServer(V1.CompareWithServerRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var tool = ResourceName.Tool(request.Name, caller.Tenant);
        var version = await Grain(caller.Tenant, tool).GetAsync(Input.ContractHash(request.ContractHash, required: false), context.CancellationToken)
            ?? throw Missing.Resource("tool", tool.Value);
        return ToolMapping.ToWire(version, await importer.CompareAsync(caller.Tenant, version, context.CancellationToken));
    }

    private async Task<(IReadOnlyList<V1.Tool> Tools, string? Next)> ReadAsync(TenantId tenant, string? after, int limit, CancellationToken cancellation)
    {
        var names = await grains.GetGrain<IToolIndexGrain>(ToolIndexGrainKey.For(tenant)).ListAsync(after, limit + 1, cancellation);
        var versions = await Task.WhenAll(names.Take(limit).Select(name => Grain(tenant, name).GetAsync("", cancellation)));

        // A name may be in the index before its tool is stored.
        var shown = versions.OfType<ToolVersion>().Select(version => ToolMapping.ToWire(version, tenant));
        return ([.. shown], names.Count > limit ? names[limit - 1].Value : null);
    }

    private async Task<V1.Tool> SetBlockedAsync(string name, string reason, string etag, bool blocked, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var tool = ResourceName.Tool(name, caller.Tenant);
        var changed = await Grain(caller.Tenant, tool).SetBlockedAsync(
            blocked, Input.Reason(reason, required: true), caller.Principal, Input.Etag(etag), context.CancellationToken);
        return ToolMapping.ToWire(changed, caller.Tenant);
    }

    private static (ToolId Tool, ToolContract Contract) Read(V1.RegisterToolRequest request)
    {
        switch (request.SourceCase)
        {
            case V1.RegisterToolRequest.SourceOneofCase.Contract:
                return (ToolId.Parse(request.ToolId, "tool_id"), ToolMapping.FromWire(request.Contract));
            case V1.RegisterToolRequest.SourceOneofCase.Manifest:
                var manifest = Manifest.Single(request.Manifest, request.ToolId, "tool_id", ToolManifest.Parse, parsed => parsed.Tool.Value);
                return (manifest.Tool, manifest.Contract);
            default:
                throw new InvalidInputException("source", "needs a contract or a manifest.");
        }
    }

    private IToolGrain Grain(TenantId tenant, ToolId tool) => grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, tool));
}
