using AgentRuntime.Common;
using Orleans.Metadata;

namespace AgentRuntime.Tenants;

/// <summary>
/// The grains that belong to a tenant: all of ours. Their keys begin with the tenant, and this is the one place that takes it out of a grain's
/// id. Grains of a host's own are none: their keys say nothing that we know.
/// </summary>
internal sealed class TenantGrains(GrainTypeResolver types) : IGrainPropertiesProvider
{
    private readonly HashSet<GrainType> _types = [.. FindClasses().Select(types.GetGrainType)];

    public IReadOnlyCollection<GrainType> Types => _types;

    /// <summary>The tenant that a grain belongs to; null when it is a host's own.</summary>
    /// <exception cref="InvalidInputException">The grain is ours and its key names no tenant.</exception>
    public TenantId? TenantOf(GrainId grain) => _types.Contains(grain.Type) ? KeyTenant(grain) : null;

    /// <summary>Has silos for each grain of a tenant chosen by <see cref="SegmentFilter"/>.</summary>
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (_types.Contains(grainType)) new SegmentFilterStrategy().PopulateGrainProperties(null!, grainClass, grainType, properties);
    }

    internal static IEnumerable<Type> FindClasses() =>
        new[] { typeof(TenantGrain).Assembly, typeof(TenantGrains).Assembly }.SelectMany(static assembly => assembly.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false } && typeof(Grain).IsAssignableFrom(type));

    private static TenantId KeyTenant(GrainId grain)
    {
        var key = grain.Key.ToString()!;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return TenantId.Parse(slash < 0 ? key : key[..slash], "grain key");
    }
}
