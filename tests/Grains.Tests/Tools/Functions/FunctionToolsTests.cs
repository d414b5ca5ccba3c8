using System.ComponentModel;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.JsonSchema;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Grains.Tests.Tools.Functions;

public sealed class FunctionToolsTests
{
    [Fact]
    public void Add_WithoutRisk_NamesTheMethod()
    {
        var refusal = Assert.Throws<InvalidInputException>(() => new FunctionTools().Add(NoRisk));

        Assert.Contains($"{nameof(FunctionToolsTests)}.{nameof(NoRisk)}", refusal.Message);
        Assert.Contains("[ToolRisk]", refusal.Message);
    }

    [Fact]
    public void Add_WithoutEffect_NamesTheMethod()
    {
        var refusal = Assert.Throws<InvalidInputException>(() => new FunctionTools().Add(NoEffect));

        Assert.Contains($"{nameof(FunctionToolsTests)}.{nameof(NoEffect)}", refusal.Message);
        Assert.Contains("[ToolEffect]", refusal.Message);
    }

    [Fact]
    public void Add_WithoutDescription_NamesTheMethod()
    {
        var refusal = Assert.Throws<InvalidInputException>(() => new FunctionTools().Add(NoDescription));

        Assert.Contains($"{nameof(FunctionToolsTests)}.{nameof(NoDescription)}", refusal.Message);
        Assert.Contains("[Description]", refusal.Message);
    }

    [Fact]
    public async Task Invoke_MethodOfAClass_HasAnObjectAndAScopeOfItsOwn()
    {
        await using var host = new ServiceCollection().AddScoped<Till>().BuildServiceProvider();
        var functions = new FunctionTools().Add(typeof(Cashier).GetMethod(nameof(Cashier.Pay))!, typeof(Cashier), "pay");
        functions.Scopes.ComeFrom(host);
        var invoker = new FunctionToolInvoker(functions);
        var tool = ToolSamples.Prepare(ToolSamples.Version(functions.Find("pay")!.Draft()), invoker);

        var first = await invoker.InvokeAsync(ToolSamples.Call(tool, """{"cents":5}"""), TestContext.Current.CancellationToken);
        var second = await invoker.InvokeAsync(ToolSamples.Call(tool, """{"cents":7}"""), TestContext.Current.CancellationToken);

        Assert.Equal([new ToolOutcome.Succeeded("\"5\"", true), new ToolOutcome.Succeeded("\"7\"", true)], [first, second]);
        Assert.Equal(2, Till.Disposed);
    }

    [Fact]
    public void Add_SameNameTwice_IsRefused() =>
        Assert.Contains("twice", Assert.Throws<InvalidInputException>(() => new FunctionTools().Add(Refund, "r").Add(Refund, "r")).Message);

    [Fact]
    public void Draft_Method_SaysWhatTheAttributesSay()
    {
        var contract = new FunctionTools().Add(Refund, "refund").Find("refund")!.Draft("customer");

        Assert.Equal((RiskLevel.WriteHigh, EffectClass.AtMostOnce), (contract.Risk, contract.Effect));
        Assert.Equal("Pays an order back.", contract.Description);
        Assert.Equal(new FunctionInvoker("refund"), contract.Invoker);
        var schema = JsonSchemaValidator.Compile(contract.InputSchema, "inputSchema", ObjectPolicy.Closed);
        Assert.True(schema.IsValid(ToolSamples.Json("""{"order":"o-1","cents":5}""")));
        Assert.False(schema.IsValid(ToolSamples.Json("""{"order":"o-1","cents":5,"call":{}}""")));
        Assert.False(schema.IsValid(ToolSamples.Json("""{"cents":5}""")));
    }

    [Fact]
    public async Task Invoke_Method_GetsArgumentsAndItsCall()
    {
        var functions = new FunctionTools().Add(Refund, "refund");
        var invoker = new FunctionToolInvoker(functions);
        var tool = ToolSamples.Prepare(ToolSamples.Version(functions.Find("refund")!.Draft()), invoker);

        var outcome = await invoker.InvokeAsync(ToolSamples.Call(tool, """{"order":"o-1","cents":5}"""), TestContext.Current.CancellationToken);

        var success = Assert.IsType<ToolOutcome.Succeeded>(outcome);
        Assert.True(success.IsJson);
        Assert.Equal("\"o-1 5 acme/r1/1/0 1\"", success.Result);
    }

    [Fact]
    public async Task Invoke_MethodThatBlocks_DoesNotBlockTheCaller()
    {
        using var gate = new ManualResetEventSlim();
        var functions = new FunctionTools().Add(
            [Description("Blocks."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)] () => gate.Wait(TimeSpan.FromSeconds(30)), "block");
        var invoker = new FunctionToolInvoker(functions);
        var tool = ToolSamples.Prepare(ToolSamples.Version(functions.Find("block")!.Draft()), invoker);

        var call = invoker.InvokeAsync(ToolSamples.Call(tool, "{}"), TestContext.Current.CancellationToken);
        var wasPending = !call.IsCompleted;
        gate.Set();

        Assert.True(wasPending);
        Assert.Equal(new ToolOutcome.Succeeded("true", true), await call);
    }

    [Fact]
    public async Task Invoke_MethodThatReturnsARecord_GivesItsJsonWithoutBlanks()
    {
        var functions = new FunctionTools().Add(
            [Description("Finds."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)] () => new Parcel("o 1", [1, 2]), "find");
        var invoker = new FunctionToolInvoker(functions);
        var tool = ToolSamples.Prepare(ToolSamples.Version(functions.Find("find")!.Draft()), invoker);

        var outcome = await invoker.InvokeAsync(ToolSamples.Call(tool, "{}"), TestContext.Current.CancellationToken);

        Assert.Equal(new ToolOutcome.Succeeded("""{"order":"o 1","items":[1,2]}""", true), outcome);
    }

    [Fact]
    public void Prepare_FunctionThatIsNotThere_IsRefusedByName()
    {
        var contract = ToolSamples.Contract(invoker: new FunctionInvoker("gone"));

        var refusal = Assert.Throws<AgentRuntimeException>(() => ToolSamples.Prepare(ToolSamples.Version(contract), new FunctionToolInvoker(new FunctionTools())));

        Assert.Contains("'gone'", refusal.Message);
    }

    [Description("Pays an order back."), ToolRisk(RiskLevel.WriteHigh), ToolEffect(EffectClass.AtMostOnce)]
    private static string Refund(string order, int cents, ToolCallContext call) => $"{order} {cents} {call.IdempotencyKey} {call.Attempt}";

    [ToolEffect(EffectClass.Read)]
    private static string NoRisk(string order) => order;

    [ToolRisk(RiskLevel.Read)]
    private static string NoEffect(string order) => order;

    [ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static string NoDescription(string order) => order;

    private sealed record Parcel(string Order, int[] Items);

    private sealed class Till : IDisposable
    {
        private static int _disposed;

        public static int Disposed => _disposed;

        public List<int> Paid { get; } = [];

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    private sealed class Cashier(Till till)
    {
        [Description("Pays."), ToolRisk(RiskLevel.Write), ToolEffect(EffectClass.Idempotent)]
        public string Pay(int cents)
        {
            till.Paid.Add(cents);
            return string.Join(',', till.Paid);
        }
    }
}
