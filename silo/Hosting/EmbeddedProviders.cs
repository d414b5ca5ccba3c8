using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Membership;
using AgentRuntime.Embedded.Reminders;
using AgentRuntime.Embedded.Segments;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Hosting;

/// <summary>The ports as one host serves them: SQLite and files in one data folder.</summary>
internal static class EmbeddedProviders
{
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
