using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Events;

internal static class EventsRegistration
{
    /// <summary>Adds the way to the stream. The host adds the stream provider <see cref="EventStreams.Provider"/>.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<EventInstruments>();
        services.TryAddSingleton<EventSender>();
        services.TryAddSingleton<EventLogs>();
        return services;
    }
}
