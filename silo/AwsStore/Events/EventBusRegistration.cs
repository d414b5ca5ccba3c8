using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.EventBridge;
using Orleans.Configuration;

namespace AgentRuntime.AwsStore.Events;

/// <summary>Hands events on to EventBridge.</summary>
internal static class EventBusRegistration
{
    /// <summary>Puts events on <paramref name="bus"/>. Without one no silo of the cluster has the grain, and no stream calls it.</summary>
    public static ISiloBuilder UseEventBus(this ISiloBuilder silo, string? bus)
    {
        if (bus is null)
        {
            silo.Services.PostConfigure<GrainTypeOptions>(static types => types.Classes.Remove(typeof(EventBusGrain)));
            return silo;
        }

        silo.Services.AddSingleton<EventBusInstruments>();
        silo.Services.AddSingleton(provider => new EventBus(provider.GetRequiredService<AwsConnection>().EventBridge(), bus, provider.GetRequiredService<TimeProvider>()));
        return silo;
    }
}
