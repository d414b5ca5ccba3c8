using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;
using Orleans.Providers;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Embedded.GrainState;

/// <summary>Reads the states of grains without a silo.</summary>
internal sealed class OfflineGrainState : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly SqliteGrainStorage _storage;

    private OfflineGrainState(ServiceProvider services, SqliteGrainStorage storage) => (_services, _storage) = (services, storage);

    public IGrainStorage Storage => _storage;

    /// <summary>Opens the states of the tenants whose runs lie at <paramref name="place"/>, one of <see cref="FolderLayout.RunStoresIn"/>.</summary>
    /// <exception cref="Common.AgentRuntimeException">The file cannot be used.</exception>
    public static OfflineGrainState Open(DataFolder folder, string place)
    {
        var services = new ServiceCollection()
            .AddSerializer(serializer => serializer.AddAssembly(typeof(TenantState).Assembly).AddAssembly(typeof(TenantSettings).Assembly))
            .BuildServiceProvider();
        return new OfflineGrainState(services, new SqliteGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            folder.Format.ServiceId,
            folder.At(place, FolderLayout.GrainState),
            services.GetRequiredService<Serializer>(),
            services.GetRequiredService<IActivatorProvider>(),
            TimeProvider.System));
    }

    public void Dispose()
    {
        _storage.Dispose();
        _services.Dispose();
    }
}
