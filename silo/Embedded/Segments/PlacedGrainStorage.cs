using System.Collections.Frozen;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Tenants;
using Orleans.Storage;

namespace AgentRuntime.Embedded.Segments;

/// <summary>
/// The state of a tenant's grains where the tenant lies. Grains of segments are active only on silos that serve them, and only these write.
/// </summary>
internal sealed class PlacedGrainStorage : IGrainStorage, IGrainStateKeys, IDisposable
{
    private readonly TenantGrains _grains;
    private readonly TenancyPlan _plan;
    private readonly SqliteGrainStorage _shared;
    private readonly FrozenDictionary<TenantId, OpenedOnce<SqliteGrainStorage>> _segments;

    /// <param name="folder">The data folder.</param>
    /// <param name="plan">Which tenants have segments.</param>
    /// <param name="grains">Which grains belong to tenants.</param>
    /// <param name="open">Opens the file of that path, making it when there is none.</param>
    public PlacedGrainStorage(DataFolder folder, TenancyPlan plan, TenantGrains grains, Func<string, SqliteGrainStorage> open)
    {
        (_plan, _grains) = (plan, grains);
        _shared = open(folder.At(FolderLayout.GrainState));
        _segments = plan.Segments.ToFrozenDictionary(tenant => tenant, tenant => new OpenedOnce<SqliteGrainStorage>(() =>
        {
            new DurableFolders(folder.Path).Create(folder.At(FolderLayout.PlaceOf(tenant)));
            return open(folder.At(FolderLayout.PlaceOf(tenant), FolderLayout.GrainState));
        }));
    }

    /// <summary>The state of grains of tenants that have no segment, and of grains that belong to no tenant.</summary>
    public SqliteGrainStorage Shared => _shared;

    /// <summary>Opens what this silo serves; the rest is opened when it is read first.</summary>
    public void OpenServed()
    {
        foreach (var tenant in _plan.Serves) _segments[tenant].Get();
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Writable(grainId).WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Writable(grainId).ClearStateAsync(stateName, grainId, grainState);

    public Task<IReadOnlyList<string>> ListKeysAsync(string name, string prefix, string after, int limit) =>
        Of(GrainId.Parse(prefix)).ListKeysAsync(name, prefix, after, limit);

    public void Dispose()
    {
        foreach (var segment in _segments.Values) segment.Opened?.Dispose();
        _shared.Dispose();
    }

    private SqliteGrainStorage Of(GrainId grain) =>
        _grains.TenantOf(grain) is { } tenant && _segments.TryGetValue(tenant, out var segment) ? segment.Get() : _shared;

    private SqliteGrainStorage Writable(GrainId grain)
    {
        if (_grains.TenantOf(grain) is { } tenant && !_plan.ServesHere(_plan.SegmentOf(tenant)))
            throw new AgentRuntimeException(ErrorCode.Internal, $"The state of grain {grain} is written by the silos that serve tenant {tenant}, and this one does not.");
        return Of(grain);
    }
}
