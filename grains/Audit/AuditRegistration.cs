using AgentRuntime.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Audit;

internal static class AuditRegistration
{
    /// <summary>Adds audit indexes, which have to have every record.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(AuditInstruments))) return services;
        services.AddMetrics();
        services.TryAddSingleton<AuditInstruments>();
        services.AddSingleton(new RequiredLog("audit", static (grains, tenant) => grains.GetGrain<IAuditGrain>(AuditGrainKey.For(tenant))));
        return services;
    }
}
