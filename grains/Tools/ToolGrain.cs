using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Mcp;
using Orleans.Storage;

namespace AgentRuntime.Tools;

internal sealed class ToolGrain(
    [PersistentState("tool")] IPersistentState<ToolState> state,
    IGrainStorage storage,
    FunctionTools functions,
    EgressGuard egress,
    IMcpServers servers,
    TimeProvider clock) : Grain, IToolGrain
{
    public const int MaxVersions = 1_000;
    public const int MaxReasonChars = 1_000;

    private const int KeptContracts = 8;

    private readonly Dictionary<string, ToolContract> _read = new(StringComparer.Ordinal);
    private TenantId _tenant;
    private ToolId _tool;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _tool) = ToolGrainKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<ToolVersion> RegisterAsync(ToolContract contract, Principal by, CancellationToken cancellation)
    {
        RequireTenant(by);
        var normalised = ContractRules.Normalise(contract, functions);
        McpContractRules.RequireServer(normalised, _tenant, servers);
        await RequireEgressAsync(normalised, cancellation);
        var hash = ContractHash.Compute(normalised);
        if (state.State.Versions.FirstOrDefault(v => v.Hash == hash) is { } known)
            return View(known, normalised);
        if (state.State.Versions.Count >= MaxVersions)
            throw new AgentRuntimeException(
                ErrorCode.LimitExceeded, $"tool {_tool}: has {MaxVersions} versions, the most there can be. Register it under another name.");

        cancellation.ThrowIfCancellationRequested();
        await GrainFactory.GetGrain<IToolIndexGrain>(ToolIndexGrainKey.For(_tenant)).AddAsync(_tool);

        // The contract comes first: a version that is counted can always be read.
        await new ContractStore(storage, this.GetGrainId()).WriteAsync(hash, normalised);
        var head = new ToolVersionHead(hash, by.Identity, PublishedBy: null, clock.GetUtcNow());
        await state.CommitAsync(state.State with { Versions = [.. state.State.Versions, head] }, this);
        return View(head, normalised);
    }

    public async Task<ToolVersion> PublishAsync(string contractHash, Principal by, string? etag, CancellationToken cancellation)
    {
        if (!PublishRules.IsPlatform(by))
            RequireTenant(by);
        var head = state.State.Versions.FirstOrDefault(v => v.Hash == contractHash)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"tool {_tool}: has no version with contract '{contractHash}'. Register it first.");
        var contract = await ReadAsync(head, cancellation);
        if (PublishRules.RefusePublish(head, contract, by) is { } refusal)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"tool {_tool}: {refusal}");
        McpContractRules.RequireServer(contract, _tenant, servers);
        await RequireEgressAsync(contract, cancellation);
        if (!HasPublished(head, contract, by, etag)) RequireUnchanged(View(head, contract), etag);
        if (head.PublishedBy is not null && state.State.PublishedHash == head.Hash)
            return View(head, contract);

        cancellation.ThrowIfCancellationRequested();
        var published = head with { PublishedBy = head.PublishedBy ?? by.Identity };
        await state.CommitAsync(
            state.State with { Versions = [.. state.State.Versions.Select(v => v.Hash == head.Hash ? published : v)], PublishedHash = head.Hash }, this);
        return View(published, contract);
    }

    public async Task<ToolVersion> SetBlockedAsync(bool blocked, string reason, Principal by, string? etag, CancellationToken cancellation)
    {
        if (!PublishRules.IsPlatform(by))
            RequireTenant(by);
        if (PublishRules.RefuseBlock(by) is { } refusal)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"tool {_tool}: {refusal}");
        if (blocked && reason is not { Length: > 0 and <= MaxReasonChars })
            throw new InvalidInputException("reason", $"must be 1 to {MaxReasonChars} characters.");
        var head = state.State.Find("") ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"tool {_tool}: does not exist. Register it first.");
        var contract = await ReadAsync(head, cancellation);
        RequireUnchanged(View(head, contract), etag);
        var wanted = blocked ? reason : null;
        cancellation.ThrowIfCancellationRequested();
        if (state.State.BlockedReason != wanted)
            await state.CommitAsync(state.State with { BlockedReason = wanted }, this);
        return View(head, contract);
    }

    public async Task<ToolVersion?> GetAsync(string contractHash, CancellationToken cancellation) =>
        state.State.Find(contractHash) is { } head ? View(head, await ReadAsync(head, cancellation)) : null;

    private async Task<ToolContract> ReadAsync(ToolVersionHead head, CancellationToken cancellation)
    {
        if (_read.TryGetValue(head.Hash, out var contract))
            return contract;
        contract = await new ContractStore(storage, this.GetGrainId()).ReadAsync(head.Hash, cancellation)
            ?? throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"tool {_tool}: contract {head.Hash} is gone from the store.");
        if (_read.Count >= KeptContracts)
            _read.Clear();
        return _read[head.Hash] = contract;
    }

    private async Task RequireEgressAsync(ToolContract contract, CancellationToken cancellation)
    {
        if (contract.EgressHosts.Count == 0)
            return;
        var tenant = await GrainFactory.GetGrain<ITenantGrain>(TenantGrainKey.For(_tenant)).GetAsync(cancellation)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"tenant {_tenant}: does not exist. Create it first.");
        egress.RequireListed(HostRules.Parse(contract.EgressHosts, "egressHosts"), HostRules.Parse(tenant.Settings.EgressHosts, "tenant egressHosts"));
    }

    private void RequireTenant(Principal by)
    {
        if (by.Tenant != _tenant)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"tool {_tool}: the caller does not speak for its tenant.");
    }

    /// <summary>Whether this very change was made: the answer to it may have been lost on the way.</summary>
    private bool HasPublished(ToolVersionHead head, ToolContract contract, Principal by, string? etag) =>
        state.State.PublishedHash == head.Hash && head.PublishedBy == by.Identity && etag == View(head with { PublishedBy = null }, contract).Etag;

    private void RequireUnchanged(ToolVersion present, string? etag)
    {
        if (etag is not null && etag != present.Etag)
            throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"tool {_tool}: changed since it was read. Get it again and decide anew.");
    }

    // Ids are unique within the tenant and lie in what every vendor accepts, so the model's name is the id: no two tools can share one.
    private ToolVersion View(ToolVersionHead head, ToolContract contract) =>
        new(_tool, contract, head.Hash, _tool.Value, head.RegisteredBy, head.PublishedBy, state.State.BlockedReason, head.CreatedAt);
}
