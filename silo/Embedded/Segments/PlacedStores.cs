using System.Collections.Frozen;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;

namespace AgentRuntime.Embedded.Segments;

/// <summary>
/// The stores of a folder with segments, one for each segment and one for the tenants that have none. What this silo serves it writes; the
/// others are opened when somebody reads them here first.
/// </summary>
internal sealed class PlacedStores : IAsyncDisposable
{
    private readonly OpenedOnce<PlacedStore> _shared;
    private readonly FrozenDictionary<TenantId, OpenedOnce<PlacedStore>> _segments;
    private readonly TenancyPlan _plan;

    public PlacedStores(DataFolder folder, TenancyPlan plan)
    {
        _plan = plan;
        _shared = new OpenedOnce<PlacedStore>(() => Open(folder, FolderLayout.SharedPlace, plan.ServesHere(segment: null)));
        _segments = plan.Segments.ToFrozenDictionary(
            tenant => tenant, tenant => new OpenedOnce<PlacedStore>(() => Open(folder, FolderLayout.PlaceOf(tenant), plan.ServesHere(tenant))));
    }

    /// <summary>Where the tenants lie that have no segment.</summary>
    public PlacedStore Shared => _shared.Get();

    /// <summary>Where a tenant lies.</summary>
    public PlacedStore Of(TenantId tenant) => (_segments.TryGetValue(tenant, out var own) ? own : _shared).Get();

    /// <summary>What this silo serves: segments, or for null the tenants that have none.</summary>
    public IEnumerable<(TenantId? Segment, PlacedStore Store)> Served => _plan.ServesHere(segment: null)
        ? [(null, Shared)]
        : _plan.Serves.Select(tenant => ((TenantId?)tenant, Of(tenant)));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _segments.Values.Append(_shared).Select(each => each.Opened).OfType<PlacedStore>()) await store.DisposeAsync();
    }

    private static PlacedStore Open(DataFolder folder, string place, bool isServed)
    {
        new DurableFolders(folder.Path).Create(folder.At(place));
        return isServed ? PlacedStore.Open(folder, place) : PlacedStore.OpenForReading(folder, place);
    }
}
