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
        if (view.Settings.Retention is { } retention) tenant.Settings.Retention = ToWire(retention);
        if (view.SuspendedReason is not null) tenant.SuspendedReason = view.SuspendedReason;
        return tenant;
    }

    public static TenantSettings FromWire(V1.TenantSettings? settings) => settings is null
        ? throw new InvalidInputException("settings", "must be given.")
        : new TenantSettings(settings.DisplayName, settings.MaxOpenRuns == 0 ? DefaultMaxOpenRuns : settings.MaxOpenRuns, [.. settings.EgressHosts])
        {
            Retention = settings.Retention is { } retention ? FromWire(retention) : null,
        };

    private static V1.Retention ToWire(RetentionSettings retention)
    {
        var wire = new V1.Retention();
        if (retention.DefaultDays is { } byDefault) wire.DefaultDays = byDefault;
        foreach (var each in retention.Classes)
        {
            var of = new V1.ClassRetention { DataClass = each.DataClass };
            if (each.Days is { } days) of.Days = days;
            wire.Classes.Add(of);
        }

        return wire;
    }

    private static RetentionSettings FromWire(V1.Retention retention) => new(
        retention.HasDefaultDays ? retention.DefaultDays : null,
        [.. retention.Classes.Select(each => new ClassRetention(each.DataClass, each.HasDays ? each.Days : null))]);
}
