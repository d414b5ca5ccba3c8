using System.CommandLine;
using AgentRuntime.Chaos.Faults;
using AgentRuntime.Chaos.Fork;
using AgentRuntime.Chaos.Kill;
using AgentRuntime.Chaos.Kill.Effects;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.PowerLoss;

var root = new RootCommand("Breaks the agent runtime on purpose and checks what it promised. Build with -c Release.")
{
    KillVerb.Create(),
    FaultsVerb.Create(),
    ForkVerb.Create(),
    EffectsVerb.Create(),
    SiloHostVerb.Create(),
    PowerLossVerb.Create(),
    PowerLossWorkloadVerb.Create(),
};
return await root.Parse(args).InvokeAsync();
