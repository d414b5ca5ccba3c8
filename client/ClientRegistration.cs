using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Client;

/// <summary>Registers a client of a front door.</summary>
public static class ClientRegistration
{
    /// <summary>Registers one <see cref="AgentRuntimeClient"/> for the program. Nothing is sent before it is used. A second registration changes nothing.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Sets at least endpoint and token; run when the client is first asked for.</param>
    public static IServiceCollection AddAgentRuntimeClient(this IServiceCollection services, Action<AgentRuntimeClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddAgentRuntimeClient((_, options) => configure(options));
    }

    /// <inheritdoc cref="AddAgentRuntimeClient(IServiceCollection, Action{AgentRuntimeClientOptions})"/>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Sets at least endpoint and token, with what the program has registered; run when the client is first asked for.</param>
    public static IServiceCollection AddAgentRuntimeClient(this IServiceCollection services, Action<IServiceProvider, AgentRuntimeClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(provider =>
        {
            var options = new AgentRuntimeClientOptions();
            configure(provider, options);
            return new AgentRuntimeClient(options);
        });
        return services;
    }
}
