using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Agents;

internal static class AgentsRegistration
{
    /// <summary>Adds the silo's copy of the agents. Grains need a default grain storage, a tool catalog and a model catalog.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AgentDirectory>();
        return services;
    }
}
