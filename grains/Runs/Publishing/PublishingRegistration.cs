using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Runs.Publishing;

internal static class PublishingRegistration
{
    /// <summary>Publishes what the journal takes that was registered last. The host adds <see cref="IUnpublishedRuns"/> and the stream.</summary>
    public static IServiceCollection AddRunPublishing(this IServiceCollection services)
    {
        services.AddEvents();
        var journal = services.Last(static service => service.ServiceType == typeof(IRunJournal)).ImplementationType!;
        services.AddSingleton<IRunJournal>(provider =>
            new PublishingJournal((IRunJournal)ActivatorUtilities.CreateInstance(provider, journal), provider.GetRequiredService<PublishQueue>()));
        services.AddSingleton<PublishQueue>();
        services.AddSingleton<MissingRecords>();
        services.AddSingleton<TenantTurns>();
        services.AddSingleton<EndedRuns>();
        services.AddSingleton<RecordRepeater>();
        services.AddHostedService<RunPublisher>();
        services.AddHostedService<PublicationReconciler>();
        return services;
    }
}
