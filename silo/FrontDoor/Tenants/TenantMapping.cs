using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Tenants;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Tenants;

/// <summary>Tenants as they stand on the wire.</summary>
internal static class TenantMapping
{
    private const int DefaultMaxOpenRuns = 200_000;

    public static V1.Tenant ToWire(TenantView view)
    {
        var tenant = new V1.Tenant
        {
            Name = ResourceName.OfTenant(view.Tenant),
            Settings = new V1.TenantSettings
            {
                DisplayName = view.Settings.DisplayName,
                MaxOpenRuns = view.Settings.MaxOpenRuns,
                EgressHosts = { view.Settings.EgressHosts },
            },
            Etag = view.Etag,
            CreateTime = view.CreatedAt.ToTimestamp(),
        };
        if (view.SuspendedReason is not null) tenant.SuspendedReason = view.SuspendedReason;
        return tenant;
    }

    public static TenantSettings FromWire(V1.TenantSettings? settings) => settings is null
        ? throw new InvalidInputException("settings", "must be given.")
        : new TenantSettings(settings.DisplayName, settings.MaxOpenRuns == 0 ? DefaultMaxOpenRuns : settings.MaxOpenRuns, [.. settings.EgressHosts]);
}
