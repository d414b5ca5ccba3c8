using AgentRuntime.Events;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Slo;

internal static class SloRegistration
{
    private const string Name = "slo";

    /// <summary>Adds the counts, which have to have every record.</summary>
    public static IServiceCollection AddSlo(this IServiceCollection services)
    {
        if (services.Any(static service => service.ImplementationInstance is RequiredLog { Name: Name })) return services;
        return services.AddSingleton(new RequiredLog(Name, static (grains, tenant) => grains.GetGrain<ISloGrain>(SloGrainKey.For(tenant))));
    }
}
