using AgentRuntime.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Client.Embedded;

/// <summary>Hosts the agent runtime in a program of one's own.</summary>
public static class EmbeddedRegistration
{
    /// <summary>
    /// Hosts a silo that starts and stops with the program, and registers an <see cref="AgentRuntimeClient"/> that speaks to it as the program itself,
    /// for one tenant and without a network. The silo listens on loopback as <c>dotnet run --project silo</c> does, so that people and their agentctl
    /// reach it; its settings are configuration section <c>AgentRuntime</c>. Logs and, where one is registered, the <see cref="TimeProvider"/> are the
    /// program's. Called again for the same tenant it adds to what is there.
    /// </summary>
    /// <param name="builder">The program's builder, of a worker or a web application.</param>
    /// <param name="tenant">The tenant that the program works for, 1 to 64 characters of a-z, 0-9 and '-'; made if it is not there.</param>
    /// <param name="configure">Adds tools, models and agents.</param>
    /// <exception cref="InvalidInputException">Something that was added is not accepted; the message names it.</exception>
    public static IHostApplicationBuilder AddAgentRuntime(this IHostApplicationBuilder builder, string tenant, Action<AgentRuntimeSetup> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(SetupOf(builder.Services, TenantId.Parse(tenant)));
        return builder;
    }

    private static AgentRuntimeSetup SetupOf(IServiceCollection services, TenantId tenant)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(AgentRuntimeSetup))?.ImplementationInstance is AgentRuntimeSetup present)
        {
            return present.Tenant == tenant
                ? present
                : throw new InvalidInputException("tenant", $"'{tenant}' cannot be hosted beside '{present.Tenant}'; host one tenant in a program.");
        }

        var setup = new AgentRuntimeSetup(tenant);
        services.AddSingleton(setup);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new EmbeddedRuntime(tenant, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<EmbeddedRuntime>().CreateClient());
        services.AddHostedService<EmbeddedSilo>();
        return setup;
    }
}
