using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

internal sealed class TenantGrain(
    [PersistentState("tenant")] IPersistentState<TenantState> state, ITenantAdmission admission, TimeProvider clock) : Grain, ITenantGrain
{
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantGrainKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<TenantView> CreateAsync(TenantSettings settings, CancellationToken cancellation)
    {
        var wanted = TenantRules.Normalise(settings);
        if (state.State.Settings is { } present)
        {
            return TenantRules.AreSame(present, wanted)
                ? View(present)
                : throw new AgentRuntimeException(
                    ErrorCode.AlreadyExists, $"tenant {_tenant}: exists with other settings. Update it instead of creating it.");
        }

        cancellation.ThrowIfCancellationRequested();
        await admission.AdmitAsync(_tenant);
        return await CommitAsync(state.State with { Settings = wanted, CreatedAt = clock.GetUtcNow() });
    }

    public Task<TenantView?> GetAsync(CancellationToken cancellation) => Task.FromResult(state.State.Settings is { } settings ? View(settings) : null);

    public async Task<TenantView> UpdateAsync(TenantSettings settings, string? etag, CancellationToken cancellation)
    {
        var present = Require();
        var wanted = TenantRules.Normalise(settings);
        RequireUnchanged(etag);
        cancellation.ThrowIfCancellationRequested();
        return TenantRules.AreSame(present, wanted) ? View(present) : await CommitAsync(state.State with { Settings = wanted });
    }

    public async Task<TenantView> SetSuspendedAsync(bool suspended, string reason, string? etag, CancellationToken cancellation)
    {
        var settings = Require();
        RequireUnchanged(etag);
        var wanted = suspended ? TenantRules.RequireReason(reason) : null;
        cancellation.ThrowIfCancellationRequested();
        return state.State.SuspendedReason == wanted
            ? View(settings)
            : await CommitAsync(state.State with { SuspendedReason = wanted });
    }

    private async Task<TenantView> CommitAsync(TenantState next)
    {
        await state.CommitAsync(next, this);
        return View(next.Settings!);
    }

    private void RequireUnchanged(string? etag)
    {
        if (etag is not null && etag != state.Etag)
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition, $"tenant {_tenant}: changed since it was read. Read it again and repeat the update.");
    }

    private TenantSettings Require() => state.State.Settings
        ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"tenant {_tenant}: does not exist. Create it first.");

    private TenantView View(TenantSettings settings) =>
        new(_tenant, settings, state.State.SuspendedReason, state.Etag ?? "", state.State.CreatedAt);
}
