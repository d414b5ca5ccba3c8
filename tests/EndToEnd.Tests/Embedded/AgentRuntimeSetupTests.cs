using System.ComponentModel;
using AgentRuntime.Agents;
using AgentRuntime.Client.Embedded;
using AgentRuntime.Common;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentRuntime.EndToEnd.Tests.Embedded;

/// <summary>What is wrong stops a program while it is put together, and is named.</summary>
public sealed class AgentRuntimeSetupTests
{
    [Fact]
    public void AddTool_RiskAndEffectThatDoNotGoTogether_NamesTheMethod() =>
        Refused("AgentRuntimeSetupTests.ReadOnce: effect", runtime => runtime.AddTool(ReadOnce));

    [Fact]
    public void AddTool_NameThatIsNoId_NamesTheMethod() =>
        Refused("AgentRuntimeSetupTests.Look: ", runtime => runtime.AddTool(Look, "Look Here"));

    [Fact]
    public void AddTools_MethodThatLacksOneOfTheThree_IsNamed() =>
        Refused("AgentRuntimeSetupTests+HalfMarked.Pay: lacks [ToolEffect]", runtime => runtime.AddTools<HalfMarked>());

    [Fact]
    public void AddTools_ClassWithoutAnyTool_IsNamed() =>
        Refused("AgentRuntimeSetupTests+Unmarked: has no public method", runtime => runtime.AddTools<Unmarked>());

    [Fact]
    public void AddTools_ClassThatCannotBeMade_IsNamed()
    {
        Refused("AgentRuntimeSetupTests+IShop: cannot be made", runtime => runtime.AddTools<IShop>());
        Refused("AgentRuntimeSetupTests+AnyShop: cannot be made", runtime => runtime.AddTools<AnyShop>());
        Refused("AgentRuntimeSetupTests+HiddenShop: has no public constructor", runtime => runtime.AddTools<HiddenShop>());
    }

    [Fact]
    public async Task AddTools_ClassThatTakesWhatTheProgramLacks_EndsTheStart()
    {
        using var folder = new ScratchFolder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddAgentRuntime("acme", runtime => runtime.UseFreePorts().UseDataFolder(folder.At("data")).AddTools<Counter>());
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AgentRuntimeSetupTests+Counter: its constructor takes 'counted' of type System.Version", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("data")));
    }

    [Theory]
    [InlineData("Silo:GrpcPort", "Failed to convert configuration value 'abc' at 'AgentRuntime:Silo:GrpcPort'")]
    [InlineData("Silo:GrpcPrt", "'GrpcPrt'")]
    [InlineData("Sillo:GrpcPort", "Setting Sillo is unknown")]
    [InlineData("Tenancy:Modus", "Setting Tenancy:Modus is unknown")]
    public async Task Start_SettingThatIsWrong_IsNamed(string key, string named)
    {
        using var folder = new ScratchFolder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create($"AgentRuntime:{key}", (string?)"abc")]);
        builder.AddAgentRuntime("acme", runtime => runtime.UseFreePorts().UseDataFolder(folder.At("data")));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAnyAsync<AgentRuntimeException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("data")));
    }

    [Fact]
    public void ToolClass_ThatTakesWhatTheProgramHas_IsAccepted()
    {
        using var host = new ServiceCollection().AddSingleton(new Version()).BuildServiceProvider();

        ToolClass.Require(typeof(Counter)).RequireServices(host);
        ToolClass.Require(typeof(Optional)).RequireServices(host);
    }

    [Fact]
    public void AddModel_NameTwice_IsNamed()
    {
        static IChatClient None(IServiceProvider services) => throw new InvalidOperationException();
        Refused("model 'm': is there twice", runtime => runtime.AddModel("m", None).AddModel("m", None));
        Refused("model 'm': is there twice", runtime => runtime.AddModel("m", None).AddOpenAIModel("m", "http://127.0.0.1:1/v1", "x"));
        Refused("model 'm': is there twice", runtime => runtime.AddModel("m", None).AddRecordedModel("m", "live", "m.jsonl"));
        Refused("model 'm': is there twice", runtime => runtime.AddModel("m", None).AddReplayModel("m", "m.jsonl"));
    }

    [Fact]
    public void AddAgent_NameTwice_IsNamed() =>
        Refused("agent a: name: is there twice", runtime => runtime.AddAgent("a", Declared()).AddAgent("a", Declared()));

    [Fact]
    public void AddAgent_PartOutOfBounds_NamesTheAgent() =>
        Refused("agent a: instructions", runtime => runtime.AddAgent("a", Declared() with { Instructions = "" }));

    [Fact]
    public void AddAgents_YamlOfAnotherKind_NamesLineAndColumn() =>
        Refused("yaml:1:", runtime => runtime.AddAgents("kind: Tool\nname: x\n"));

    [Fact]
    public void AddAgents_Yaml_DeclaresWhatCodeDeclares()
    {
        var setups = new List<AgentRuntimeSetup>();
        Host.CreateEmptyApplicationBuilder(null)
            .AddAgentRuntime("acme", runtime => setups.Add(runtime.AddAgent("a", Declared() with { Tools = ["t"] })))
            .AddAgentRuntime("acme", runtime => setups.Add(runtime.AddAgents("kind: Agent\nname: b\ninstructions: Do.\nmodel: m\nriskScope: read\ntools: [t]\n")));

        Assert.Same(setups[0], setups[1]);
        Assert.Equivalent(setups[0].Agents[AgentId.Parse("a")], setups[0].Agents[AgentId.Parse("b")], strict: true);
    }

    [Fact]
    public void AddTool_FunctionFromElsewhere_IsATool()
    {
        AgentRuntimeSetup? setup = null;
        var function = AIFunctionFactory.Create((string city) => city, "get_weather", "Says what the weather is.");
        Host.CreateEmptyApplicationBuilder(null).AddAgentRuntime("acme", runtime => setup = runtime.AddTool(function, RiskLevel.Write, EffectClass.AtMostOnce));

        var contract = setup!.Tools.Contracts[ToolId.Parse("get-weather")];
        Assert.Equal(("get_weather", RiskLevel.Write, EffectClass.AtMostOnce), (contract.WireName, contract.Risk, contract.Effect));
    }

    [Fact]
    public void AddTool_TwoThatGetOneName_AreNamed()
    {
        static AIFunction Named(string name) => AIFunctionFactory.Create(() => 1, name, "Says one.");
        Refused("tool 'get-one': is there twice", runtime => runtime
            .AddTool(Named("get_one"), RiskLevel.Read, EffectClass.Read).AddTool(Named("get-one"), RiskLevel.Read, EffectClass.Read));
    }

    [Fact]
    public void AddAgentRuntime_SecondTenant_IsRefused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null).AddAgentRuntime("acme", _ => { });

        Assert.Contains("'globex' cannot be hosted beside 'acme'", Assert.Throws<InvalidInputException>(() => builder.AddAgentRuntime("globex", _ => { })).Message, StringComparison.Ordinal);
    }

    private static AgentDeclaration Declared() => new() { Instructions = "Do.", Model = "m", RiskScope = RiskLevel.Read };

    private static void Refused(string named, Action<AgentRuntimeSetup> configure) => Assert.Contains(
        named,
        Assert.Throws<InvalidInputException>(() => Host.CreateEmptyApplicationBuilder(null).AddAgentRuntime("acme", configure)).Message,
        StringComparison.Ordinal);

    [Description("Reads."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.AtMostOnce)]
    private static void ReadOnce()
    {
    }

    [Description("Looks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static void Look()
    {
    }

    private sealed class HalfMarked
    {
        [ToolRisk(RiskLevel.Write)]
        public static void Pay()
        {
        }
    }

    private interface IShop
    {
        [Description("Looks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
        void Look();
    }

    private abstract class AnyShop
    {
        [Description("Looks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
        public string Look() => $"{this}";
    }

    private sealed class HiddenShop
    {
        private HiddenShop()
        {
        }

        [Description("Looks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
        public string Look() => $"{this}";
    }

    private sealed class Counter(Version counted)
    {
        [Description("Counts."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
        public int Count() => counted.Major;
    }

    private sealed class Optional(IServiceProvider services, Version? counted = null)
    {
        [Description("Counts."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
        public int Count() => (counted ?? services.GetService<Version>())?.Major ?? 0;
    }

    private sealed class Unmarked
    {
        public static void Pay()
        {
        }
    }
}
