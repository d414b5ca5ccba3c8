using System.Collections.Concurrent;
using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>
/// The tools of this silo: what never changes is compiled once, and where a tool stands is at most 1.8 s old, so that a block is effective
/// on every silo within two. When the tool's grain does not answer, there is no tool.
/// </summary>
internal sealed class ToolDirectory : IToolCatalog
{
    /// <summary>Versions kept compiled, about 20 KB each.</summary>
    public const int MaxVersions = 4_096;

    private readonly IGrainFactory _grains;
    private readonly ToolPreparer _preparer;
    private readonly ConcurrentDictionary<Key, PreparedTool> _compiled = new();
    private readonly Refreshed<Key, PreparedTool> _tools;

    public ToolDirectory(IGrainFactory grains, ToolPreparer preparer, TimeProvider clock)
    {
        _grains = grains;
        _preparer = preparer;
        _tools = new(LoadAsync, clock, MaxVersions);
    }

    /// <summary>The tool that a definition pins. Allocates nothing while the copy is fresh.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, FailedPrecondition (its invoker is not on this silo) or Unavailable (transient).</exception>
    public ValueTask<PreparedTool> GetAsync(TenantId tenant, AgentTool pin, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _tools.GetAsync(new Key(tenant, pin.Tool, pin.ContractHash), cancellation)!;
    }

    /// <inheritdoc/>
    public async Task<ToolClearance?> FindAsync(TenantId tenant, string tool, string contractHash, CancellationToken cancellation)
    {
        var version = await _grains.GetGrain<IToolGrain>(ToolGrainKey.For(tenant, ToolId.Parse(tool))).GetAsync(contractHash, cancellation);
        return version is null
            ? null
            : new ToolClearance(tool, version.Hash, version.Contract.Risk, version.Contract.DataClasses, version.PublishedBy is not null, version.BlockedReason);
    }

    private async Task<PreparedTool?> LoadAsync(Key key)
    {
        ToolVersion? version;
        try
        {
            version = await _grains.GetGrain<IToolGrain>(ToolGrainKey.For(key.Tenant, ToolId.Parse(key.Tool))).GetAsync(key.ContractHash);
        }
        catch (Exception e) when (e is not AgentRuntimeException)
        {
            throw new AgentRuntimeException(
                ErrorCode.Unavailable, $"tool {key.Tool}: where it stands cannot be read for now, so it is not called.", isTransient: true, e);
        }

        if (version is null)
            throw new AgentRuntimeException(
                ErrorCode.NotFound, $"tool {key.Tool}: has no contract {key.ContractHash}. Register it, or apply the agent again.");
        var tool = _compiled.TryGetValue(key, out var known) && known.Version.Hash == version.Hash
            ? known with { Version = version }
            : _preparer.Prepare(version);
        if (_compiled.Count >= MaxVersions)
            _compiled.Clear();
        return _compiled[key] = tool;
    }

    private readonly record struct Key(TenantId Tenant, string Tool, string ContractHash);
}
