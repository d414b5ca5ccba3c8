using AgentRuntime.Artifacts;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Embedded;

/// <summary>Runs and artifacts in the data folder of one machine.</summary>
internal static class EmbeddedStoreRegistration
{
    /// <summary>
    /// Registers the journal, its indexes and the artifact store. The folder is opened when the host starts, so that one that cannot
    /// be used ends the start with an <see cref="Common.AgentRuntimeException"/>; it is closed, and all that is queued written, when
    /// the service provider is disposed.
    /// </summary>
    public static IServiceCollection AddEmbeddedRunStore(this IServiceCollection services, EmbeddedStoreOptions options)
    {
        services.TryAddSingleton(_ => JournalDatabase.Open(options.Folder));
        services.TryAddSingleton<IRunJournal, SqliteRunJournal>();
        services.TryAddSingleton<IOpenRunIndex, SqliteOpenRunIndex>();
        services.TryAddSingleton<IRunCatalog, SqliteRunCatalog>();
        services.TryAddSingleton<IApprovalInbox, SqliteApprovalInbox>();
        services.TryAddSingleton(_ => new FileArtifactStore(options.Folder, options.ArtifactRootKey.Span));
        services.TryAddSingleton<IArtifactStore>(provider => provider.GetRequiredService<FileArtifactStore>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OpenStoreAtStart>());
        return services;
    }

    /// <summary>Asks for the stores, so that they are open before anything runs.</summary>
    private sealed class OpenStoreAtStart(JournalDatabase journal, IArtifactStore artifacts) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(journal);
            ArgumentNullException.ThrowIfNull(artifacts);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
