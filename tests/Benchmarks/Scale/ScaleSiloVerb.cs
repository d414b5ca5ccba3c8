using System.CommandLine;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Benchmarks.Scale;

/// <summary>One silo of the cluster that <see cref="ScaleVerb"/> measures: plans come in, a line each, and shares go out.</summary>
internal static class ScaleSiloVerb
{
    public const string Name = "scale-silo";

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The cluster's data folder.", Required = true };
        var store = new Option<string>("--store") { Description = "The cluster's store.", Required = true };
        var first = new Option<bool>("--first") { Description = "Make the tenant and the agent." };
        var command = new Command(Name, "A silo of the cluster that scale measures.") { data, store, first };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var payloads = new BenchPayloads(1);
            await using var silo = await BenchSilo.JoinAsync(
                new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), parsed.GetValue(data)!, W1Verb.Settings(parsed.GetValue(store)!));
            if (parsed.GetValue(first)) await silo.AddTenantAsync(BenchSilo.Tenant);
            using var load = new SiloLoad(silo);
            Console.WriteLine("ready");
            while (await Console.In.ReadLineAsync(cancellation) is { } line)
                Console.WriteLine(JsonSerializer.Serialize(await load.DriveAsync(JsonSerializer.Deserialize<SiloPlan>(line)!)));
            return 0;
        });
        return command;
    }
}
