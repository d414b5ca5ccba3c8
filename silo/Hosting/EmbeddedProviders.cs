using AgentRuntime.Embedded;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Membership;
using AgentRuntime.Embedded.Proofs;
using AgentRuntime.Embedded.Reminders;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Hosting;

/// <summary>The ports as one host serves them: SQLite and files in one data folder.</summary>
internal static class EmbeddedProviders
{
    /// <summary>Takes a seat in the cluster of the data folder and registers the stores in it.</summary>
    /// <exception cref="Common.AgentRuntimeException">The seat is taken, or the folder is served otherwise.</exception>
    public static async Task AddEmbeddedStoreAsync(this IServiceCollection services, DataFolder folder, int siloPort, TenancyPlan tenancy, CancellationToken cancellation)
    {
        SegmentFolders.RequireNamed(folder, tenancy);
        var seat = await ClusterSeat.TakeAsync(folder, siloPort, tenancy, TimeProvider.System, cancellation);

        // By a factory, so that the container gives the seat up when the host is disposed.
        services.AddSingleton<ClusterSeat>(_ => seat);
        if (tenancy.Mode == TenancyMode.Segmented) services.AddPlacedRunStores();
        else services.AddEmbeddedRunStore(new EmbeddedStoreOptions { Folder = folder.Path, ArtifactRootKey = folder.DeriveKey(FileArtifactStore.KeyPurpose) });
        services.AddRetention();
        services.AddSingleton<IUsedProofs, SqliteUsedProofs>();
        services.AddSingleton(new SessionKey(folder.DeriveKey(SessionKey.Purpose)));
    }

    public static ISiloBuilder UseEmbeddedProviders(this ISiloBuilder silo, TenancyPlan tenancy)
    {
        silo.UseSqliteClustering((options, services) =>
            options.DatabasePath = services.GetRequiredService<DataFolder>().At(FolderLayout.Membership));
        if (tenancy.Mode == TenancyMode.Segmented)
            silo.AddPlacedGrainStorageAsDefault();
        else
            silo.AddSqliteGrainStorageAsDefault((options, services) => options.DatabasePath = services.GetRequiredService<DataFolder>().At(FolderLayout.GrainState));
        silo.UseSqliteReminders((options, services) =>
            options.DatabasePath = services.GetRequiredService<DataFolder>().At(FolderLayout.Reminders));
        silo.Services.TryAddSingleton<ISessionCatalog, SqliteSessionCatalog>();
        silo.Services.AddHostedService<OpenProvidersAtStart>();
        return silo;
    }

    /// <summary>Opens the databases before Orleans starts, so that one that cannot be used is told in one line.</summary>
    private sealed class OpenProvidersAtStart(IServiceProvider services) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<IMembershipTable>();
            services.GetRequiredService<IReminderTable>();
            services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
