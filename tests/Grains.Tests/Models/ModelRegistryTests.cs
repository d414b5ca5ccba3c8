using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Models.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Grains.Tests.Models;

public class ModelRegistryTests
{
    private static readonly RuleSet Rules = RuleSet.Parse("kind: Rules\nname: any\nrules:\n  - name: r\n    answer: x\n");

    [Fact]
    public void Get_Registered_MakesTheClientOnceAndDisposesIt()
    {
        var made = 0;
        using var services = new ServiceCollection().AddModel("mine", _ => { made++; return new RulesChatClient(Rules); }, "support").BuildServiceProvider();
        var registry = services.GetRequiredService<ModelRegistry>();

        Assert.Same(registry.Get("mine"), registry.Get("mine"));
        Assert.Equal(1, made);
        Assert.Equal(["support"], services.GetRequiredService<IModelCatalog>().Find("mine")!.DataClasses);
    }

    [Fact]
    public void Get_Unknown_NamesItAndThoseThereAre()
    {
        using var services = new ServiceCollection().AddModel("mine", _ => new RulesChatClient(Rules)).BuildServiceProvider();

        var refused = Assert.Throws<AgentRuntimeException>(() => services.GetRequiredService<ModelRegistry>().Get("yours"));

        Assert.Equal(ErrorCode.NotFound, refused.Code);
        Assert.Equal("model yours: is not registered. Registered: mine.", refused.Message);
    }

    [Fact]
    public void Get_WhoseClientCouldNotBeMade_TriesAgain()
    {
        var tried = 0;
        using var services = new ServiceCollection()
            .AddModel("mine", _ => ++tried == 1 ? throw new IOException("busy") : new RulesChatClient(Rules)).BuildServiceProvider();
        var registry = services.GetRequiredService<ModelRegistry>();
        Assert.Throws<IOException>(() => registry.Get("mine"));
        Assert.Same(registry.Get("mine"), registry.Get("mine"));
        Assert.Equal(2, tried);
    }

    [Theory]
    [InlineData("nobody", "model rec: asks model nobody, which is not registered")]
    [InlineData("mine", "model rec: is cleared for secret, but mine, which answers, is not")]
    [InlineData("other", "model rec: asks model other, which asks another one itself")]
    public void Construct_RecordingOfAModelThatItMayNotAsk_NamesBoth(string of, string part)
    {
        var file = Path.Combine(Path.GetTempPath(), "never-written.jsonl");
        using var services = new ServiceCollection()
            .AddModel("mine", _ => new RulesChatClient(Rules), "support")
            .AddRecordedModel("other", "mine", file)
            .AddRecordedModel("rec", of, file, dataClasses: ["support", "secret"])
            .BuildServiceProvider();
        Assert.Contains(part, Assert.Throws<InvalidInputException>(() => services.GetRequiredService<ModelRegistry>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine", "support", "model mine: is registered twice")]
    [InlineData("Mine", "support", "model name: must be")]
    [InlineData("other", "Support", "data class of model other: must be")]
    public void Construct_BadRegistration_NamesTheCulprit(string name, string dataClass, string part)
    {
        using var services = new ServiceCollection()
            .AddModel("mine", _ => new RulesChatClient(Rules))
            .AddModel(name, _ => new RulesChatClient(Rules), dataClass)
            .BuildServiceProvider();

        Assert.Contains(
            part, Assert.ThrowsAny<AgentRuntimeException>(() => services.GetRequiredService<ModelRegistry>()).Message, StringComparison.Ordinal);
    }
}
