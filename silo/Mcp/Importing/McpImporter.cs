using AgentRuntime.Common;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Mcp.Listing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Mcp;

namespace AgentRuntime.Mcp.Importing;

/// <summary>Makes drafts of what a server offers, and says what a server has changed since.</summary>
internal sealed class McpImporter(McpConnections connections, McpServers servers, IGrainFactory grains)
{
    private const int AtOnce = 8;

    /// <summary>Registers each tool of the server as a draft, or says why not.</summary>
    /// <exception cref="AgentRuntimeException">NotFound: no such server. Unavailable: it is not up. PolicyDenied: its host is not in the lists.</exception>
    public async Task<ImportReport> ImportAsync(Principal by, TenantId tenant, string server, ImportWish wish, CancellationToken cancellation)
    {
        var list = await ListAsync(tenant, server, cancellation);
        var place = servers.Find(tenant, server) ?? throw McpContractRules.Unknown(server);
        var whole = wish with { Host = place.Endpoint?.Target.ToString() };
        var byId = list.Entries.ToLookup(entry => McpDrafts.IdOf(server, entry.Name));
        var imported = new List<ImportedTool>();
        var refused = new List<RefusedTool>();
        foreach (var some in list.Entries.Chunk(AtOnce))
        {
            foreach (var outcome in await Task.WhenAll(some.Select(entry => ImportAsync(by, tenant, server, entry, byId, whole, cancellation))))
            {
                if (outcome.Imported is { } tool) imported.Add(tool);
                if (outcome.Refused is { } refusal) refused.Add(refusal);
            }
        }

        return new ImportReport(imported, refused);
    }

    /// <summary>What the version's server says differently today; empty when nothing.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the tool is not one of an MCP server. Else as for importing.</exception>
    public async Task<IReadOnlyList<McpChange>> CompareAsync(TenantId tenant, ToolVersion version, CancellationToken cancellation) =>
        version.Contract.Invoker is McpInvoker mcp
            ? McpChange.Find(version.Contract, await ListAsync(tenant, mcp.Server, cancellation))
            : throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"tool {version.Tool}: is not a tool of an MCP server, so there is no list to compare it with.");

    private async Task<McpToolList> ListAsync(TenantId tenant, string server, CancellationToken cancellation)
    {
        using var lease = connections.Rent(tenant, server);
        try
        {
            return (await lease.Link.GetAsync(fresh: true, cancellation)).List;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw McpFailures.NotUp(server, fault);
        }
    }

    private async Task<(ImportedTool? Imported, RefusedTool? Refused)> ImportAsync(
        Principal by, TenantId tenant, string server, McpEntry entry, ILookup<ToolId, McpEntry> byId, ImportWish wish, CancellationToken cancellation)
    {
        var id = McpDrafts.IdOf(server, entry.Name);
        try
        {
            if (byId[id].Count() > 1)
                throw new InvalidInputException("name", $"the tools {Names(byId[id])} would all be '{id}', so none of them is; have the server rename one.");
            var contract = McpDrafts.ContractOf(server, entry, wish);
            var tool = grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, id));
            var before = await tool.GetAsync("", cancellation);
            if (before is not null) RequireSame(before, server, entry);
            if (before is not null && Says(before.Contract, contract)) return (new ImportedTool(before, IsNew: false), null);
            var known = await tool.GetAsync(ContractHash.Compute(contract), cancellation);
            return (new ImportedTool(known ?? await tool.RegisterAsync(contract, by, cancellation), IsNew: known is null), null);
        }
        catch (AgentRuntimeException fault) when (fault.Code is ErrorCode.InvalidArgument or ErrorCode.LimitExceeded)
        {
            return (null, new RefusedTool(entry.Name, fault.Message));
        }
    }

    // A tool that was here first keeps its name, whoever would like to become its next version.
    private static void RequireSame(ToolVersion before, string server, McpEntry entry)
    {
        if (before.Contract.Invoker is McpInvoker mcp && mcp.Server == server && before.Contract.WireName == entry.Name) return;
        var other = before.Contract.Invoker is McpInvoker its ? $"tool '{before.Contract.WireName}' of MCP server '{its.Server}'" : $"tool '{before.Contract.WireName}', which is of no MCP server";
        throw new InvalidInputException("name", $"'{entry.Name}' of MCP server '{server}' would be '{before.Tool}', which is {Shown.Text(other, 300)}; rename one of them.");
    }

    // A contract that was edited since, say to a lower risk, still stands for the same entry.
    private static bool Says(ToolContract standing, ToolContract draft) =>
        standing.Invoker == draft.Invoker && standing.TimeoutMs == draft.TimeoutMs && standing.EgressHosts.SequenceEqual(draft.EgressHosts)
        && standing.DataClasses.SequenceEqual(draft.DataClasses, StringComparer.Ordinal);

    private static string Names(IEnumerable<McpEntry> entries) => string.Join(" and ", entries.Select(entry => $"'{Shown.Text(entry.Name, 128)}'"));
}
