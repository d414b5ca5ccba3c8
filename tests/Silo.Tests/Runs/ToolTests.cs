using System.Text;
using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class ToolTests(RunHost host)
{
    [Fact]
    public async Task TransientFailure_IsTriedAgainWithTheSameKey()
    {
        var run = await host.Silo.RunAsync(
            Reply.CallingThenDone(RunCast.Put), (invocation, _) => new(invocation.Attempt == 1 ? Result.Busy() : Result.Ok));
        var records = await run.EndAsync();
        Assert.Equal([1, 2], run.Invocations.Select(invocation => invocation.Attempt));
        Assert.Equal([$"{run.Key}/1/0"], run.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct());
        Assert.Equal(1, records.OfType<AttemptFailed>().Single().Attempt);
        Assert.Equal(2, records.OfType<ToolReturned>().Single().Attempt);
        Assert.IsType<RunCompleted>(records[^1]);
    }

    [Fact]
    public async Task TransientFailure_OfEveryAttempt_IsToldToTheModel()
    {
        var told = "";
        var run = await host.Silo.RunAsync(Told(RunCast.Put, text => told = text), (_, _) => new(Result.Busy()));
        var records = await run.EndAsync();
        Assert.Equal([1, 2, 3], run.Invocations.Select(invocation => invocation.Attempt));
        Assert.Equal(ToolOutcomeKind.Error, records.OfType<ToolReturned>().Single().Outcome);
        Assert.Contains("busy", told, StringComparison.Ordinal);
        Assert.IsType<RunCompleted>(records[^1]);
    }

    [Fact]
    public async Task PermanentFailure_IsToldToTheModelAndNotRepeated()
    {
        var told = "";
        var run = await host.Silo.RunAsync(Told(RunCast.Put, text => told = text), (_, _) => new(Result.Broken));
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Contains("no such shelf", told, StringComparison.Ordinal);
        Assert.Single(run.Invocations);
    }

    [Fact]
    public async Task Exception_IsToldWithoutItsText()
    {
        var told = "";
        var run = await host.Silo.RunAsync(Told(RunCast.Put, text => told = text), (_, _) => throw new InvalidOperationException("password=secret"));
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.Contains("InvalidOperationException", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_OfATool_ThatMayBeRepeated_EndsWithAnErrorThatNamesIt()
    {
        await host.Silo.AddToolAsync("slow-look", RunCast.Look, timeoutMs: 50);
        var agent = await host.Silo.AddAgentAsync(new RunLimits { MaxAttemptsPerCall = 2 }, tools: "slow-look");
        var told = "";
        var run = await host.Silo.RunAsync(Told("slow-look", text => told = text), (_, _) => Result.Never(), agent);
        var records = await run.EndAsync();
        Assert.Equal(ErrorCode.Timeout, records.OfType<AttemptFailed>().Single().Code);
        Assert.Contains("slow-look", told, StringComparison.Ordinal);
        Assert.IsType<RunCompleted>(records[^1]);
    }

    [Theory]
    [InlineData(ApprovalVerdict.Happened, "\"paid\"", ToolOutcomeKind.Success, 1)]
    [InlineData(ApprovalVerdict.DidNotHappen, null, ToolOutcomeKind.Error, 1)]
    [InlineData(ApprovalVerdict.Retry, null, ToolOutcomeKind.Success, 2)]
    public async Task Silence_OfAnAtMostOnceTool_AsksAPersonWhoseWordSettlesIt(ApprovalVerdict verdict, string? result, ToolOutcomeKind outcome, int calls)
    {
        var tool = $"slow-once-{verdict}".ToLowerInvariant();
        await host.Silo.AddToolAsync(tool, RunCast.Once, timeoutMs: 500);
        var agent = await host.Silo.AddAgentAsync(tools: tool);
        var run = await host.Silo.RunAsync(
            Reply.CallingThenDone(tool), (invocation, _) => invocation.Attempt == 1 ? Result.Never() : new(Result.Ok), agent);
        var approval = await run.AskedAsync();
        var asked = await run.InboxAsync(approval);
        Assert.Equal((ApprovalKind.Resolve, tool, ApprovalState.Pending), (asked.Kind, asked.Tool, asked.State));
        Assert.Equal(RunStatus.WaitingForApproval, (await run.RowAsync()).Status);
        await run.AsleepAsync();

        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(approval, verdict, RunCast.Approver("alice"), result)).State);
        var records = await run.EndAsync();
        var returned = records.OfType<ToolReturned>().Single();
        Assert.Equal(outcome, returned.Outcome);
        Assert.Equal(verdict == ApprovalVerdict.Happened ? "idp|person|alice" : null, returned.EnteredBy);
        Assert.Equal(calls, run.Invocations.Count);
        Assert.Single(run.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct());
        Assert.Equal(calls, records.OfType<ToolStarted>().Count());
        Assert.IsType<RunCompleted>(records[^1]);

        // The same word again is no other one; another is.
        Assert.Equal(ApprovalState.Approved, (await run.DecideAsync(approval, verdict, RunCast.Approver("alice"), result)).State);
        var other = verdict == ApprovalVerdict.Retry ? ApprovalVerdict.DidNotHappen : ApprovalVerdict.Retry;
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => run.DecideAsync(approval, other, RunCast.Approver("alice")));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Equal(records.Count, (await run.RecordsAsync()).Count);
    }

    [Fact]
    public async Task AtMostOnce_NotSent_IsTriedAgainWithoutAPerson()
    {
        var run = await host.Silo.RunAsync(
            Reply.CallingThenDone(RunCast.Once), (invocation, _) => new(invocation.Attempt == 1 ? Result.Busy(sent: false) : Result.Ok));
        var records = await run.EndAsync();
        Assert.Empty(records.OfType<ApprovalRequested>());
        Assert.Equal(2, run.Invocations.Count);
    }

    [Fact]
    public async Task AtMostOnce_StartIsDurableBeforeTheToolIsCalled()
    {
        IReadOnlyList<RunRecord> before = [];
        TestRun? run = null;
        run = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Once), async (_, _) =>
        {
            before = await run!.RecordsAsync();
            return Result.Ok;
        });
        await run.StartAsync();
        await run.EndAsync();
        Assert.IsType<ToolStarted>(before[^1]);
    }

    [Fact]
    public async Task Result_OfFiveMegabytes_WorksAndComesBackAfterAReload()
    {
        var large = $"\"{string.Concat(Enumerable.Range(0, 500_000).Select(i => $"{i:D10}"))}\"";
        var shown = "";
        var run = await host.Silo.RunAsync(
            turn =>
            {
                if (turn.Step == 1) return Task.FromResult(Reply.Call(RunCast.Look));
                if (turn.Step == 3) return Task.FromResult(Reply.Text("done"));
                shown = turn.Results[0];
                return Task.FromResult(Reply.HandOver("Enough?"));
            },
            (_, _) => new(Result.Json(large)));
        await run.WaitAsync(records => records.OfType<ModelReplied>().Count() == 2, "second reply");
        Assert.StartsWith(large[..32_768], shown, StringComparison.Ordinal);
        Assert.Equal(large, (await run.RecordsAsync()).OfType<ToolReturned>().Single().Result);
        await run.AsleepAsync();

        await run.SendAsync("yes", "send-1");
        var records = await run.EndAsync();
        Assert.IsType<RunCompleted>(records[^1]);
        Assert.Equal(large, records.OfType<ToolReturned>().Single().Result);
        Assert.True((await run.EntriesAsync()).Max(entry => entry.Seal!.Length) < 64 * 1024 + 100);
        await run.RequireChainAsync();
    }

    [Fact]
    public async Task Result_WithHalfACharacter_DoesNotStopTheRun()
    {
        var run = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look), (_, _) => new(new ToolOutcome.Succeeded("a\ud83d", IsJson: false)));
        Assert.IsType<RunCompleted>((await run.EndAsync())[^1]);
        Assert.True(Encoding.UTF8.GetByteCount((await run.RecordsAsync()).OfType<ToolReturned>().Single().Result) > 1);
    }

    private static Func<ModelTurn, Task<Microsoft.Extensions.AI.ChatResponse>> Told(string tool, Action<string> tell) => turn =>
    {
        if (turn.Step == 1) return Task.FromResult(Reply.Call(tool));
        tell(string.Join("\n", turn.Results));
        return Task.FromResult(Reply.Text("done"));
    };
}
