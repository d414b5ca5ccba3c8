using System.CommandLine;
using AgentRuntime.Chaos.Kill.Plants;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Hosting;
using AgentRuntime.Hosting.Commands;
using AgentRuntime.Models;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>A silo as the product hosts it, with a scripted model, tools that reach the recorder, and marks of what it is doing.</summary>
internal static class SiloHostVerb
{
    public const string Name = "silo-host";

    public static Command Create()
    {
        var options = new SiloOptionSet();
        var effects = new Option<string>("--effects") { Description = "URL of the recorder." };
        var phases = new Option<string>("--phases") { Description = "The file of phases." };
        var acks = new Option<string>("--acks") { Description = "The file of acknowledged appends." };
        var seed = new Option<int>("--seed") { Description = "Seed of the pauses." };
        var parent = new Option<int>("--parent") { Description = "Ends with this process." };
        var plant = new Option<string?>("--plant") { Description = "A part to break." };
        var command = new Command(Name, "A silo to be killed.") { effects, phases, acks, seed, parent, plant };
        options.AddTo(command);
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            using var marks = PhaseFile.Open(parsed.GetValue(phases)!);
            using var acknowledged = new AckFile(parsed.GetValue(acks)!);
            using var recorder = new HttpClient { BaseAddress = new Uri(parsed.GetValue(effects)!) };
            var builder = await AgentRuntimeHost.CreateBuilderAsync(options.Read(parsed), cancellation);
            Equip(builder.Services, marks, acknowledged, recorder, parsed.GetValue(seed), parsed.GetValue(plant));
            await using var app = builder.BuildSilo();
            ControlEndpoints.Map(app);
            await app.StartAsync(cancellation);
            marks.Leave(Phase.InStart);
            new Announcement(json: true).Ready(app.Services, TimeSpan.Zero);
            await Task.WhenAny(ParentProcess.WaitForEndAsync(parsed.GetValue(parent), cancellation), app.WaitForShutdownAsync(CancellationToken.None));
        });
        return command;
    }

    private static void Equip(IServiceCollection services, PhaseFile marks, AckFile acknowledged, HttpClient recorder, int seed, string? plant)
    {
        services.AddModel(ChaosCast.Model, _ => new ScriptedModel());
        var effects = new EffectTool(recorder, marks, seed);
        services.AddFunctionTools(functions => ScriptTool.All.ToList().ForEach(tool => functions.Add(effects.For(tool))));
        var product = services.Last(service => service.ServiceType == typeof(IRunJournal));
        services.AddSingleton<IRunJournal>(provider => new ObservedJournal(PlantRegistration.Journal(provider, product, plant), marks, acknowledged, seed));
        PlantRegistration.Apply(services, plant);
    }
}
