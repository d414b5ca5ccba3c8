using System.Collections.Frozen;
using AgentRuntime.Common;

namespace AgentRuntime.Tenants;

/// <summary>How the cluster keeps its tenants apart, and what this silo serves of them.</summary>
internal sealed class TenancyPlan
{
    /// <summary>Each segment costs every silo open files, and those that serve it two threads.</summary>
    public const int MaxSegments = 64;

    private readonly FrozenSet<TenantId> _serves;

    private TenancyPlan(TenancyMode mode, FrozenSet<TenantId> segments, FrozenSet<TenantId> serves) => (Mode, Segments, _serves) = (mode, segments, serves);

    public TenancyMode Mode { get; }

    /// <summary>The tenants that have segments.</summary>
    public FrozenSet<TenantId> Segments { get; }

    /// <summary>The segments that this silo serves, in order. None: it serves the tenants that have no segment.</summary>
    public IEnumerable<TenantId> Serves => _serves.OrderBy(tenant => tenant.Value, StringComparer.Ordinal);

    /// <summary>The tenant when it has a segment; null when it shares silos and files with others.</summary>
    public TenantId? SegmentOf(TenantId tenant) => Segments.Contains(tenant) ? tenant : null;

    /// <summary>Whether this silo serves a segment, or for null the tenants that have none.</summary>
    public bool ServesHere(TenantId? segment) => segment is { } tenant ? _serves.Contains(tenant) : _serves.Count == 0;

    /// <summary>What all silos of the cluster have in common.</summary>
    public override string ToString() => Mode switch
    {
        TenancyMode.Segmented => $"segmented: {string.Join(' ', Segments.Select(tenant => tenant.Value).Order(StringComparer.Ordinal))}",
        TenancyMode.AccountPerTenant => "account-per-tenant",
        _ => "shared",
    };

    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong; the message names the key and the fix.</exception>
    public static TenancyPlan Of(TenancyOptions options, IEnumerable<string> serves)
    {
        var mode = options.Mode switch
        {
            "shared" => TenancyMode.Shared,
            "segmented" => TenancyMode.Segmented,
            "account-per-tenant" => TenancyMode.AccountPerTenant,
            _ => throw Wrong("Mode", $"is '{Shown.Text(options.Mode)}'; it must be shared, segmented or account-per-tenant"),
        };
        var segments = Parse(options.Segments, $"{TenancyOptions.SectionName}:{nameof(options.Segments)}");
        var served = Parse(serves, "Silo:Serves");
        if (mode != TenancyMode.Segmented && segments.Count > 0) throw Wrong("Segments", $"names tenants, but Tenancy:Mode is {options.Mode}. Set the mode to segmented, or name none");
        if (mode == TenancyMode.Segmented && segments.Count == 0) throw Wrong("Segments", "names no tenant. Name each, as Tenancy:Segments:0 and so on, or set Tenancy:Mode to shared");
        if (segments.Count > MaxSegments) throw Wrong("Segments", $"names {segments.Count} tenants, more than {MaxSegments}. Share the work among several clusters");
        if (served.Where(tenant => !segments.Contains(tenant)).Select(tenant => (TenantId?)tenant).FirstOrDefault() is { } unknown)
        {
            throw new AgentRuntimeException(
                ErrorCode.InvalidArgument,
                $"Silo:Serves names {unknown}, which is not in Tenancy:Segments. Add it there on all silos, with Tenancy:Mode segmented, or correct --serves.");
        }

        return new TenancyPlan(mode, segments, served);
    }

    private static FrozenSet<TenantId> Parse(IEnumerable<string> names, string key) => names.Select(name => TenantId.Parse(name, key)).ToFrozenSet();

    private static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{TenancyOptions.SectionName}:{key} {what}.");
}
