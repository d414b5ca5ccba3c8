using AgentRuntime.Agents;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Models;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Forks;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Recovery;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Runs;

internal static class RunsRegistration
{
    /// <summary>Adds runs: what drives them and what wakes them. The host adds the ports they need.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(RunDriverFactory))) return services;
        services.AddTenants();
        services.AddAgents();
        services.AddTools();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EntryWriter>();
        services.AddSingleton<EntryReader>();
        services.AddSingleton<RunSignals>();
        services.AddSingleton<SiloIdentity>();
        services.AddSingleton<LiveOwners>();
        services.AddSingleton<JournalAccess>();
        services.AddSingleton<AgentClearances>();
        services.AddSingleton<ModelCaller>();
        services.AddSingleton<TranscriptReader>();
        services.AddSingleton<ForkSource>();
        services.AddSingleton<RunStarter>();
        services.TryAddSingleton(new LogScopes(AreShown: true));
        services.AddMetrics();
        services.AddSingleton<ModelInstruments>();
        services.AddSingleton<DrivenRuns>();
        services.AddSingleton<RunInstruments>();
        services.AddSingleton<RunSlices>();
        services.AddSingleton<RunDriverFactory>();
        services.AddHostedService<RunPoller>();
        services.AddHostedService<WaitingApprovals>();
        return services;
    }
}
