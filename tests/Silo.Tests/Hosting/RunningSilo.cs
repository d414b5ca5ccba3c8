using System.ComponentModel;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Models.Rules;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Hosting;

/// <summary>A silo on a folder of its own, with a tenant, a function tool <c>echo</c>, and a model <c>any</c> that is cleared for class support.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly SiloInProcess _silo = new();

    internal static TenantId Tenant { get; } = TenantId.Parse("acme");

    internal static Principal Author { get; } = Person("author", Roles.Developer);

    internal static Principal Reviewer { get; } = Person("reviewer", Roles.ToolReviewer);

    internal IServiceProvider Services => _silo.Services;

    internal IGrainFactory Grains => _silo.Services.GetRequiredService<IGrainFactory>();

    internal static Principal Person(string name, string role) => new("test", name, name, Tenant, [role], DateTimeOffset.UnixEpoch);

    public async ValueTask InitializeAsync()
    {
        var rules = RuleSet.Parse("kind: Rules\nname: any\nrules:\n  - name: done\n    answer: done\n");
        await _silo.StartAsync(builder =>
        {
            builder.Services.AddModel("any", _ => new RulesChatClient(rules), "support");
            builder.Services.AddFunctionTools(functions => functions.Add(Echo, "echo"));
        });
        await Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(Tenant)).CreateAsync(new TenantSettings("Acme", 1_000, []));
    }

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    /// <summary>Ends all activations, so that the next call reads what is stored.</summary>
    internal Task ForgetAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>A tool on function echo; published on demand.</summary>
    internal async Task<ToolVersion> AddToolAsync(string name, bool publish, RiskLevel risk = RiskLevel.Read, string description = "Echoes.")
    {
        var tool = Grains.GetGrain<IToolGrain>(ToolGrainKey.For(Tenant, ToolId.Parse(name)));
        var contract = new ToolContract(
            name,
            description,
            """{"type":"object","properties":{"text":{"type":"string"}}}""",
            null,
            risk,
            risk == RiskLevel.Read ? EffectClass.Read : EffectClass.AtMostOnce,
            1_000,
            ["support"],
            [],
            new FunctionInvoker("echo"));
        var draft = await tool.RegisterAsync(contract, Author);
        return publish ? await tool.PublishAsync(draft.Hash, Reviewer) : draft;
    }

    [Description("Repeats."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static string Echo(string text) => text;
}
