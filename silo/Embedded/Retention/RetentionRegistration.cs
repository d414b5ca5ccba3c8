using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Embedded.Retention;

internal static class RetentionRegistration
{
    /// <summary>Prunes what has expired while the silo serves. Needs the embedded run store, or other pruners, and the default grain storage.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new StoredTenants(
            provider.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)));
        services.TryAddSingleton<Pruner>();
        services.TryAddSingleton<ServedPruners>(provider => () => [provider.GetRequiredService<Pruner>()]);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RetentionService>());
        return services;
    }
}
