using AgentRuntime.Agents;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Models;

internal static class ModelsRegistration
{
    /// <summary>Adds the registry of models.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton<ModelRegistry>();
        services.TryAddSingleton<IModelCatalog>(provider => provider.GetRequiredService<ModelRegistry>());
        return services;
    }

    /// <summary>Offers a model by name. The client is made once, at first use, and is used concurrently.</summary>
    public static IServiceCollection AddModel(
        this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> create, params string[] dataClasses)
    {
        services.AddModels();
        return services.AddSingleton(new ModelRegistration(name, dataClasses, create));
    }
}
