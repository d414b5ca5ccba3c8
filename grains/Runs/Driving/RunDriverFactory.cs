using AgentRuntime.Agents;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.Deltas;
using AgentRuntime.Runs.Forks;
using AgentRuntime.Runs.Index;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Driving;

/// <summary>Puts together what drives one run.</summary>
internal sealed class RunDriverFactory(
    JournalAccess access, RunSlices slices, SiloIdentity silo, ModelCaller models, IApprovalInbox inbox, IHostApplicationLifetime lifetime)
{
    public DrivenRuns Driven => slices.Driven;

    public DateTimeOffset Now => access.Time.GetUtcNow();

    public RunDriver Create(RunKey key, CommandQueue queue, DeltaFollowers followers)
    {
        var session = new RunSession(access, slices.Agents, slices.Instruments, key, silo.Owner);
        var handler = new CommandHandler(session, queue, slices, inbox, access);
        var watch = new CallWatch(session, queue, handler, access.Time);
        var steps = new StepRunner(session, watch, new HeardModel(models, followers, access.Time), slices.Gateway, new Toolset(slices.Tools, key.Tenant, new ForkAnswers(access, key)), silo.Owner);
        return new RunDriver(session, queue, handler, slices, steps, silo.Owner);
    }

    /// <summary>Watches over the beginning of an activation's loop.</summary>
    public LoopStart Watch(IGrainContext activation, Action missed) => new(activation, access.Time, missed);

    /// <summary>A token that also fires when this host begins to stop, before Orleans deactivates grains.</summary>
    public CancellationTokenSource LinkShutdown(CancellationToken handOver) =>
        CancellationTokenSource.CreateLinkedTokenSource(handOver, lifetime.ApplicationStopping);
}

/// <summary>What runs need of the slices to their left.</summary>
internal sealed record RunSlices(
    AgentDirectory Agents,
    TenantDirectory Tenants,
    ToolDirectory Tools,
    ToolGateway Gateway,
    RunStarter Starter,
    DrivenRuns Driven,
    RunInstruments Instruments,
    LogScopes Scopes,
    ILogger<RunDriver> Log);
