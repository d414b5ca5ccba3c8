using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Metadata;
using Orleans.Placement;

namespace AgentRuntime.Tenants;

internal static class TenancyRegistration
{
    /// <summary>Adds how tenants are kept apart. Needs the data folder, the stores of runs and the default grain storage.</summary>
    public static IServiceCollection AddTenancy(this IServiceCollection services, TenancyPlan plan)
    {
        services.TryAddSingleton(plan);
        if (plan.Mode == TenancyMode.AccountPerTenant)
        {
            services.TryAddSingleton<OneTenant>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OneTenantAtStart>());
            services.TryAddSingleton<ITenantAdmission>(provider => provider.GetRequiredService<OneTenant>());
        }

        return services;
    }

    /// <summary>Has each grain of a tenant placed on silos that serve it.</summary>
    public static ISiloBuilder UseSegmentPlacement(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<TenantGrains>();
        silo.Services.AddSingleton<TenantSilos>();
        silo.Services.AddSingleton<IGrainPropertiesProvider>(provider => provider.GetRequiredService<TenantGrains>());
        silo.Services.AddPlacementFilter<SegmentFilterStrategy, SegmentFilter>(ServiceLifetime.Singleton);
        return silo;
    }
}
