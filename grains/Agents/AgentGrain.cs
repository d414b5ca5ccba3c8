using AgentRuntime.Common;
using Orleans.Storage;

namespace AgentRuntime.Agents;

internal sealed class AgentGrain(
    [PersistentState("agent")] IPersistentState<AgentState> state,
    IGrainStorage storage,
    IToolCatalog tools,
    IModelCatalog models,
    TimeProvider clock) : Grain, IAgentGrain
{
    public const int MaxVersions = 1_000;

    private TenantId _tenant;
    private AgentId _agent;
    private (int Version, AgentDefinition Definition)? _lastRead;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _agent) = AgentGrainKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<AgentVersion> ApplyAsync(AgentDefinition definition, Principal by, string? etag, CancellationToken cancellation)
    {
        RequireTenant(by);
        var pinned = await PinAsync(AgentDefinitionRules.Normalise(definition), cancellation);
        var hash = AgentDefinitionHash.Compute(pinned);
        var versions = state.State.Versions;
        if (!HasApplied(hash, by, etag)) RequireUnchanged(etag);
        var isNew = versions.Count == 0 || versions[^1].Hash != hash;
        if (isNew && versions.Count >= MaxVersions)
            throw new AgentRuntimeException(
                ErrorCode.LimitExceeded, $"agent {_agent}: has {MaxVersions} versions, the most there can be. Apply it under another name.");

        if (isNew || state.State.Deleted)
        {
            cancellation.ThrowIfCancellationRequested();
            await Index.AddAsync(_agent);
            if (isNew)
            {
                // The definition comes first: a version that the list names can always be read.
                await new DefinitionStore(storage, this.GetGrainId()).WriteAsync(versions.Count + 1, pinned);
                versions = [.. versions, new AgentVersionHead(hash, by.Identity, clock.GetUtcNow())];
            }

            await state.CommitAsync(new AgentState { Versions = versions }, this);
        }

        return View(versions.Count, pinned);
    }

    public async Task<AgentVersion?> GetAsync(int version, CancellationToken cancellation)
    {
        var number = version == 0 ? state.State.Versions.Count : version;
        if (number < 1 || number > state.State.Versions.Count) return null;
        if (_lastRead is { } last && last.Version == number) return View(number, last.Definition);
        var definition = await new DefinitionStore(storage, this.GetGrainId()).ReadAsync(number, cancellation)
            ?? throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"agent {_agent}: the definition of version {number} is gone from the store.");
        _lastRead = (number, definition);
        return View(number, definition);
    }

    public async Task<bool> DeleteAsync(Principal by, string? etag, CancellationToken cancellation)
    {
        RequireTenant(by);
        if (state.State.Versions.Count == 0 || state.State.Deleted) return false;
        RequireUnchanged(etag);
        cancellation.ThrowIfCancellationRequested();
        await state.CommitAsync(state.State with { Deleted = true }, this);
        await Index.RemoveAsync(_agent);
        return true;
    }

    private IAgentIndexGrain Index => GrainFactory.GetGrain<IAgentIndexGrain>(AgentIndexGrainKey.For(_tenant));

    private async Task<AgentDefinition> PinAsync(AgentDefinition definition, CancellationToken cancellation)
    {
        var model = models.Find(definition.Model)
            ?? throw new AgentRuntimeException(
                ErrorCode.NotFound, $"agent {_agent}: model {definition.Model} is not registered. Registered: {(models.Names.Count == 0 ? "none; add it with AddModel or in the settings, section Models" : string.Join(", ", models.Names))}.");
        if (AgentClearance.RefuseModel(_agent, definition, model) is { } refusal)
            throw new AgentRuntimeException(ErrorCode.PolicyDenied, refusal);

        var pinned = new AgentTool[definition.Tools.Count];
        for (var i = 0; i < pinned.Length; i++) pinned[i] = await PinAsync(definition, definition.Tools[i], cancellation);
        return definition with { Tools = pinned };
    }

    private async Task<AgentTool> PinAsync(AgentDefinition definition, AgentTool named, CancellationToken cancellation)
    {
        var tool = await tools.FindAsync(_tenant, named.Tool, named.ContractHash, cancellation)
            ?? throw new AgentRuntimeException(
                ErrorCode.NotFound,
                named.ContractHash.Length == 0
                    ? $"agent {_agent}: tool {named.Tool} is not registered. Register and publish it first."
                    : $"agent {_agent}: tool {named.Tool} has no contract {named.ContractHash}. Leave the hash out to take the published one.");
        return AgentClearance.RefuseTool(_agent, definition, tool) is { } refusal
            ? throw new AgentRuntimeException(ErrorCode.PolicyDenied, refusal)
            : new AgentTool(named.Tool, tool.ContractHash);
    }

    private void RequireTenant(Principal by)
    {
        if (by.Tenant != _tenant)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"agent {_agent}: the caller does not speak for its tenant.");
    }

    /// <summary>Whether this very change is the newest: the answer to it may have been lost on the way.</summary>
    private bool HasApplied(string hash, Principal by, string? etag)
    {
        if (state.State is not { Deleted: false, Versions: [.., var newest] versions } || newest.Hash != hash) return false;
        // Nobody is noted for bringing back a version that was there; whoever asks for that has it.
        if (etag == AgentVersion.EtagOf(versions.Count, newest.Hash, deleted: true)) return true;
        if (versions is not [.., var before, _] || newest.PublishedBy != by.Identity) return false;
        return etag == AgentVersion.EtagOf(versions.Count - 1, before.Hash, deleted: false) || etag == AgentVersion.EtagOf(versions.Count - 1, before.Hash, deleted: true);
    }

    private void RequireUnchanged(string? etag)
    {
        if (etag is null) return;
        var versions = state.State.Versions;
        if (versions.Count == 0 || etag != AgentVersion.EtagOf(versions.Count, versions[^1].Hash, state.State.Deleted))
            throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"agent {_agent}: changed since it was read. Get it again and decide anew.");
    }

    private AgentVersion View(int version, AgentDefinition definition)
    {
        var head = state.State.Versions[version - 1];
        return new(_agent, version, head.Hash, definition, head.PublishedBy, head.CreatedAt, state.State.Deleted);
    }
}
