using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Tenants;

internal static class TenantsRegistration
{
    /// <summary>Adds the silo's copy of the tenants. Grains need a default grain storage.</summary>
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITenantAdmission, EveryTenant>();
        services.TryAddSingleton<TenantDirectory>();
        return services;
    }
}
