using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Recovery;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Puts a broken part in the place of a sound one.</summary>
internal static class PlantRegistration
{
    /// <summary>The journal of the product, or the planted one around it.</summary>
    public static IRunJournal Journal(IServiceProvider services, ServiceDescriptor product, string? plant)
    {
        var journal = (IRunJournal)(product.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, product.ImplementationType!));
        return plant switch
        {
            Plant.NoFence => new UnfencedJournal(journal),
            Plant.AckBeforeWrite => new HastyJournal(journal),
            Plant.InheritOwner => new ForgetfulJournal(
                journal, services.GetRequiredService<EntryReader>(), services.GetRequiredService<EntryWriter>(), services.GetRequiredService<SiloIdentity>()),
            _ => journal,
        };
    }

    public static void Apply(IServiceCollection services, string? plant)
    {
        switch (plant)
        {
            case Plant.SkipRecovery:
                Remove(services, typeof(RunPoller));
                break;
            case Plant.AttemptInKey:
                Remove(services, typeof(FunctionToolInvoker));
                services.AddSingleton<IToolInvoker>(s => new AttemptKeyInvoker(ActivatorUtilities.CreateInstance<FunctionToolInvoker>(s)));
                break;
            default:
                break;
        }
    }

    private static void Remove(IServiceCollection services, Type implementation)
    {
        var found = services.Where(service => service.ImplementationType == implementation).ToList();
        if (found.Count == 0) throw new InvalidOperationException($"{implementation.Name} is not registered, so it cannot be replaced.");
        found.ForEach(service => services.Remove(service));
    }
}
