using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Tenants;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Tenants;

/// <summary>The service Tenants: maps and calls, nothing else.</summary>
internal sealed class TenantsApi(IGrainFactory grains) : V1.Tenants.TenantsBase
{
    public override async Task<V1.Tenant> CreateTenant(V1.CreateTenantRequest request, ServerCallContext context) =>
        TenantMapping.ToWire(await Grain(TenantId.Parse(request.TenantId, "tenant_id")).CreateAsync(
            TenantMapping.FromWire(request.Settings), context.CancellationToken));

    public override async Task<V1.Tenant> GetTenant(V1.GetTenantRequest request, ServerCallContext context)
    {
        var tenant = ResourceName.Tenant(request.Name, "name");
        return await Grain(tenant).GetAsync(context.CancellationToken) is { } view ? TenantMapping.ToWire(view) : throw Missing.Resource("tenant", tenant.Value);
    }

    public override async Task<V1.Tenant> UpdateTenant(V1.UpdateTenantRequest request, ServerCallContext context)
    {
        var change = request.Tenant ?? throw new InvalidInputException("tenant", "must be given.");
        var tenant = ResourceName.Tenant(change.Name, "tenant.name");
        return TenantMapping.ToWire(await Grain(tenant).UpdateAsync(
            TenantMapping.FromWire(change.Settings), Input.Etag(change.Etag), context.CancellationToken));
    }

    public override Task<V1.Tenant> SuspendTenant(V1.SuspendTenantRequest request, ServerCallContext context) =>
        SetSuspendedAsync(request.Name, request.Reason, request.Etag, suspended: true, context.CancellationToken);

    public override Task<V1.Tenant> ReleaseTenant(V1.ReleaseTenantRequest request, ServerCallContext context) =>
        SetSuspendedAsync(request.Name, request.Reason, request.Etag, suspended: false, context.CancellationToken);

    private async Task<V1.Tenant> SetSuspendedAsync(string name, string reason, string etag, bool suspended, CancellationToken cancellation)
    {
        var tenant = ResourceName.Tenant(name, "name");
        return TenantMapping.ToWire(await Grain(tenant).SetSuspendedAsync(suspended, Input.Reason(reason, required: true), Input.Etag(etag), cancellation));
    }

    private ITenantGrain Grain(TenantId tenant) => grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant));
}
