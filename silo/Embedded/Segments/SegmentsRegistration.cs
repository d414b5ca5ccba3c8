using AgentRuntime.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Tenants;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace AgentRuntime.Embedded.Segments;

/// <summary>Runs, artifacts and grain state where their tenant lies.</summary>
internal static class SegmentsRegistration
{
    /// <summary>Registers the ports of runs. Takes the place of <see cref="EmbeddedStoreRegistration.AddEmbeddedRunStore"/>.</summary>
    public static IServiceCollection AddPlacedRunStores(this IServiceCollection services)
    {
        services.TryAddSingleton<PlacedStores>();
        services.TryAddSingleton<ServedPruners>(provider => () => FindPruners(provider));
        services.TryAddSingleton<IRunJournal, PlacedRunJournal>();
        services.TryAddSingleton<IOpenRunIndex>(provider => new PlacedOpenRunIndex(
            provider.GetRequiredService<PlacedStores>(),
            provider.GetRequiredService<TenantSilos>().Narrow,
            provider.GetRequiredService<ILogger<PlacedOpenRunIndex>>()));
        services.TryAddSingleton<IRunCatalog, PlacedRunCatalog>();
        services.TryAddSingleton<IApprovalInbox, PlacedApprovalInbox>();
        services.TryAddSingleton<IArtifactStore, PlacedArtifacts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SegmentsAtStart>());
        return services;
    }

    /// <summary>Registers the default grain storage.</summary>
    public static ISiloBuilder AddPlacedGrainStorageAsDefault(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton(services => new PlacedGrainStorage(
            services.GetRequiredService<DataFolder>(),
            services.GetRequiredService<TenancyPlan>(),
            services.GetRequiredService<TenantGrains>(),
            path => SqliteGrainStorageExtensions.Open(services, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, path)));
        silo.Services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, static (services, _) => services.GetRequiredService<PlacedGrainStorage>());
        return silo;
    }

    private static IEnumerable<Pruner> FindPruners(IServiceProvider services) => services.GetRequiredService<PlacedStores>().Served.Select(served => new Pruner(
        services.GetRequiredService<DataFolder>(),
        served.Store.Store.Journal,
        served.Store.Store.Artifacts,
        services.GetRequiredService<StoredTenants>(),
        services.GetRequiredService<TimeProvider>()));
}
