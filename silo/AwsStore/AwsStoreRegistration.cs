using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Publishing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.AwsStore;

/// <summary>Runs in DynamoDB.</summary>
internal static class AwsStoreRegistration
{
    /// <summary>Registers the journal and its indexes. The client of DynamoDB is the container's.</summary>
    public static IServiceCollection AddAwsRunStore(this IServiceCollection services, JournalTable table)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(table);
        services.TryAddSingleton(ServedRuns.All);
        services.TryAddSingleton<StoreInstruments>();
        services.TryAddSingleton<StoreRequests>();
        services.TryAddSingleton<TenantCounters>();
        services.TryAddSingleton<JournalStore>();
        services.TryAddSingleton<EntryPieces>();
        services.TryAddSingleton<JournalReader>();
        services.TryAddSingleton<KnownRuns>();
        services.TryAddSingleton<JournalAppender>();
        services.TryAddSingleton<HeadChanger>();
        services.TryAddSingleton<EntryEraser>();
        services.TryAddSingleton<IRunJournal, DynamoDbRunJournal>();
        services.TryAddSingleton<DynamoDbOpenRunIndex>();
        services.TryAddSingleton<IOpenRunIndex>(provider => provider.GetRequiredService<DynamoDbOpenRunIndex>());
        services.TryAddSingleton<IRunCatalog, DynamoDbRunCatalog>();
        services.TryAddSingleton<IUnpublishedRuns, DynamoDbUnpublishedRuns>();
        services.TryAddSingleton<IApprovalInbox, DynamoDbApprovalInbox>();
        return services;
    }
}
