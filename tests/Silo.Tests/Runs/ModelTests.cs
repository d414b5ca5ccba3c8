using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class ModelTests(RunHost host)
{
    [Fact]
    public async Task Call_OfAToolThatIsNotThere_IsToldAndTheRunGoesOn()
    {
        var (run, told) = await TellAsync(_ => Reply.Call("delete-everything"));
        Assert.Contains("no tool named 'delete-everything'", told, StringComparison.Ordinal);
        Assert.Contains(RunCast.PayOnce, told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task Call_WithBrokenJson_IsToldAndTheRunGoesOn()
    {
        var (run, told) = await TellAsync(_ => Reply.Calls(
            [new FunctionCallContent("c1", RunCast.Put, new Dictionary<string, object?> { ["raw"] = "{\"n\": 1" }) { Exception = new JsonException("cut off") }]));
        Assert.Contains("not a JSON object", told, StringComparison.Ordinal);
        var call = (await run.RecordsAsync()).OfType<ModelReplied>().First().Calls[0];
        Assert.Equal("{\"n\": 1", call.Malformed);
        Assert.Empty(run.Invocations);
    }

    [Theory]
    [InlineData("\"seven\"", "n")]
    [InlineData("1.5", "n")]
    [InlineData("null", "n")]
    public async Task Call_WithArgumentsOutsideTheSchema_IsToldAndTheRunGoesOn(string value, string culprit)
    {
        var (run, told) = await TellAsync(_ => Reply.Call(RunCast.Put, JsonElement.Parse(value)));
        Assert.Contains("do not fit its schema", told, StringComparison.Ordinal);
        Assert.Contains(culprit, told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task Call_WithAnUnknownArgument_IsToldAndTheRunGoesOn()
    {
        var (run, told) = await TellAsync(_ => Reply.Calls(
            [new FunctionCallContent("c1", RunCast.Put, new Dictionary<string, object?> { ["path"] = "/etc" })]));
        Assert.Contains("path", told, StringComparison.Ordinal);
        Assert.Empty(run.Invocations);
    }

    [Fact]
    public async Task Calls_OneBadAmongGood_OnlyTheGoodOnesAreMade()
    {
        var (run, told) = await TellAsync(_ => Reply.Calls((RunCast.Put, 1), ("nothing", null), (RunCast.Look, 2)));
        Assert.Contains("nothing", told, StringComparison.Ordinal);
        Assert.Equal([RunCast.Put, RunCast.Look], run.Invocations.Select(invocation => invocation.Tool.Tool.Value));
        Assert.Equal(3, run.Invocations.Select(invocation => invocation.IdempotencyKey).Append(run.Key.ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Failure_ThreeTimes_FailsTheRunAndNamesTheModel()
    {
        var run = await host.Silo.RunAsync(_ => throw new HttpRequestException("the prompt was: secret"));
        var records = await run.EndAsync();
        var attempts = records.OfType<AttemptFailed>().ToList();
        Assert.Equal([1, 2, 3], attempts.Select(attempt => attempt.Attempt));
        Assert.Equal([true, true, false], attempts.Select(attempt => attempt.RetryAt is not null));
        var failed = Assert.IsType<RunFailed>(records[^1]);
        Assert.Contains(ScriptedModel.Name, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(records, record => record.ToString().Contains("secret", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.ModelFailed, (await run.ViewAsync()).ErrorCode);
    }

    [Fact]
    public async Task Failure_Twice_IsTriedAgain()
    {
        var calls = 0;
        var run = await host.Silo.RunAsync(_ => ++calls < 3 ? throw new TimeoutException() : Task.FromResult(Reply.Text("done")));
        var records = await run.EndAsync();
        Assert.Equal(2, records.OfType<AttemptFailed>().Count());
        Assert.DoesNotContain("modelTimeoutSeconds", records.OfType<AttemptFailed>().First().Message, StringComparison.Ordinal);
        Assert.Equal(3, records.OfType<ModelReplied>().Single().Attempt);
        Assert.Equal("done", Assert.IsType<RunCompleted>(records[^1]).Output);
    }

    [Fact]
    public async Task Failure_Permanent_FailsTheRunAtOnce()
    {
        var run = await host.Silo.RunAsync(_ => throw new AgentRuntimeException(ErrorCode.PermissionDenied, "model scripted: the key was refused."));
        var records = await run.EndAsync();
        Assert.Single(records.OfType<AttemptFailed>());
        Assert.Equal("model scripted: the key was refused.", Assert.IsType<RunFailed>(records[^1]).Message);
    }

    [Fact]
    public async Task Silence_PastItsTime_FailsAsATimeoutThatNamesModelAndOption()
    {
        var agent = await host.Silo.AddAgentAsync(new RunLimits { ModelTimeoutSeconds = 1, MaxAttemptsPerCall = 1 });
        var run = await host.Silo.RunAsync(_ => new TaskCompletionSource<ChatResponse>().Task, agent: agent);
        var records = await run.EndAsync();
        Assert.Equal(ErrorCode.Timeout, records.OfType<AttemptFailed>().Single().Code);
        var failed = Assert.IsType<RunFailed>(records[^1]);
        Assert.Contains(ScriptedModel.Name, failed.Message, StringComparison.Ordinal);
        Assert.Contains("modelTimeoutSeconds", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandOver_WaitsForInput_AndSendGoesOn()
    {
        var run = await host.Silo.RunAsync(turn => Task.FromResult(
            turn.Messages[^1].Text == "the second one" ? Reply.Text("done") : Reply.HandOver("Which one?")));
        await run.WaitForAsync<ModelReplied>();
        await run.AsleepAsync();
        Assert.Equal(RunStatus.WaitingForInput, (await run.ViewAsync()).Status);
        Assert.Equal(RunStatus.WaitingForInput, (await run.RowAsync()).Status);

        await run.SendAsync("the second one", "send-1");
        var records = await run.EndAsync();
        Assert.Equal("done", Assert.IsType<RunCompleted>(records[^1]).Output);
        await run.SendAsync("the second one", "send-1");
        Assert.Equal(records.Count, (await run.RecordsAsync()).Count);
    }

    [Fact]
    public async Task Send_SameRequestAgain_AddsNothing()
    {
        var run = await host.Silo.RunAsync(turn => Task.FromResult(Reply.HandOver("More?")));
        await run.WaitForAsync<ModelReplied>();
        await run.SendAsync("a", "send-1");
        await run.SendAsync("a", "send-1");
        await run.WaitAsync(records => records.OfType<ModelReplied>().Count() == 2, "second reply");
        await run.AsleepAsync();
        await run.SendAsync("a", "send-1");
        await run.SendAsync("b", "send-2");
        var inputs = (await run.RecordsAsync()).OfType<InputReceived>().Select(input => input.Text);
        Assert.Equal(["a", "b"], inputs);
    }

    [Fact]
    public async Task Send_WhileTheModelAnswers_IsSeenBeforeTheRunEnds()
    {
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var run = await host.Silo.RunAsync(async turn =>
        {
            asked.TrySetResult();
            await gate.Task;
            return Reply.Text(turn.Messages.Any(message => message.Text == "wait, also this") ? "both done" : "done");
        });
        await asked.Task.InTimeAsync();
        await run.SendAsync("wait, also this", "send-1");
        gate.SetResult();
        Assert.Equal("both done", Assert.IsType<RunCompleted>((await run.EndAsync())[^1]).Output);
    }

    /// <summary>A run whose first reply is <paramref name="first"/> and whose second ends it, and what the model was told in between.</summary>
    private async Task<(TestRun Run, string Told)> TellAsync(Func<ModelTurn, ChatResponse> first)
    {
        var told = "";
        var run = await host.Silo.RunAsync(turn =>
        {
            if (turn.Step == 1) return Task.FromResult(first(turn));
            told = string.Join("\n", turn.Results);
            return Task.FromResult(Reply.Text("done"));
        });
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        return (run, told);
    }
}
