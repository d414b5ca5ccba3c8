using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Silo.Tests.Runs;

public sealed class ForkTests(RunHost host)
{
    private static readonly Principal Alice = RunCast.Approver("alice");

    [Fact]
    public async Task Live_AfterAnApprovedCall_AsksAgainWhereverTheForkBegins()
    {
        var parent = await PaidAsync();
        var records = await parent.RecordsAsync();
        var answered = records.ToList().FindIndex(record => record is ToolReturned);
        for (var seq = 0; seq < records.Count; seq++)
        {
            var fork = await parent.ForkAsync(seq, live: true);
            if (seq < answered)
            {
                await fork.AskedAsync();
            }
            else
            {
                await fork.WaitAsync(all => all[^1] is RunCompleted or ModelReplied { NeedsPerson: true }, "end or wait");
            }

            Assert.Empty(fork.Invocations);
            await fork.RequireChainAsync();
        }
    }

    [Fact]
    public async Task Live_ApprovedAnew_MakesTheCallOnceUnderItsOwnKey()
    {
        var parent = await PaidAsync();
        var fork = await parent.ForkAsync(atSeq: 1, live: true);
        var approval = await fork.AskedAsync();
        await fork.AsleepAsync();
        await fork.DecideAsync(approval, ApprovalVerdict.Approve, Alice);

        Assert.IsType<RunCompleted>((await fork.EndAsync())[^1]);
        var made = Assert.Single(fork.Invocations);
        Assert.StartsWith($"{fork.Key}/", made.IdempotencyKey, StringComparison.Ordinal);
        Assert.Single(parent.Invocations);
    }

    [Fact]
    public async Task NotLive_AnswersForWritesFromTheParentAndReadsAnew()
    {
        var parent = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look, RunCast.Put, RunCast.PayOnce));
        await parent.DecideAsync(await parent.AskedAsync(), ApprovalVerdict.Approve, Alice);
        await parent.EndAsync();

        var fork = await parent.ForkAsync(atSeq: 0, live: false);
        var records = await fork.EndAsync();

        Assert.Equal("done", Assert.IsType<RunCompleted>(records[^1]).Output);
        Assert.Equal(RunCast.Look, Assert.Single(fork.Invocations).Tool.Tool.Value);
        Assert.Empty(records.OfType<ApprovalRequested>());
        Assert.Equal([null, parent.Key.Run.Value, parent.Key.Run.Value], records.OfType<ToolReturned>().Select(returned => returned.FromRun));
    }

    [Fact]
    public async Task NotLive_CallThatTheParentNeverMade_IsNotMade()
    {
        var wanted = 1;
        var parent = await host.Silo.RunAsync(turn => Task.FromResult(turn.Step == 1 ? Reply.Call(RunCast.Put, wanted) : Reply.Text("done")));
        await parent.EndAsync();
        wanted = 2;

        var fork = await parent.ForkAsync(atSeq: 0, live: false);
        var returned = (await fork.EndAsync()).OfType<ToolReturned>().Single();

        Assert.Equal(ToolOutcomeKind.NotMade, returned.Outcome);
        Assert.Contains("not live", returned.Result, StringComparison.Ordinal);
        Assert.Empty(fork.Invocations);
    }

    [Fact]
    public async Task AtTheEnd_WaitsForInputAndGoesOnWithIt()
    {
        var parent = await host.Silo.RunAsync(turn => Task.FromResult(Reply.Text($"answer {turn.Step} to {turn.Messages[^1].Text}")));
        await parent.EndAsync();

        var fork = await parent.ForkAsync(atSeq: -1, live: false);
        await fork.AsleepAsync();
        Assert.Equal(RunStatus.WaitingForInput, (await fork.ViewAsync()).Status);
        await fork.SendAsync("and then?", "more");
        Assert.Equal("answer 2 to and then?", Assert.IsType<RunCompleted>((await fork.EndAsync())[^1]).Output);

        var second = await parent.ForkAsync(atSeq: -1, live: false, "at once");
        Assert.Equal("answer 2 to at once", Assert.IsType<RunCompleted>((await second.EndAsync())[^1]).Output);
    }

    [Fact]
    public async Task SameRequest_GivesTheSameForkAndAnotherBodyIsRefused()
    {
        var parent = await host.Silo.RunAsync(Reply.CallingThenDone());
        await parent.EndAsync();
        var command = new ForkRun(parent.Key.Run, 0, Live: false, null, $"fork-of-{parent.Key.Run}", RunCast.App);
        var grain = parent.ForkOf(command).Grain;

        var first = await grain.ForkAsync(command, TestContext.Current.CancellationToken);
        var second = await grain.ForkAsync(command, TestContext.Current.CancellationToken);
        Assert.Equal(new ForkOrigin(parent.Key.Run, 0, Live: false), second.ForkedFrom);
        Assert.Equal(first.Run, second.Run);
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => grain.ForkAsync(command with { Live = true }, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.AlreadyExists, refusal.Code);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(20, 1)]
    public async Task Live_AfterAReplyOverALimit_EndsAtTheSameLimit(int maxFanOut, int maxToolCalls)
    {
        var agent = await host.Silo.AddAgentAsync(new AgentRuntime.Agents.RunLimits { MaxFanOut = maxFanOut, MaxToolCalls = maxToolCalls });
        var parent = await host.Silo.RunAsync(_ => Task.FromResult(Reply.Calls((RunCast.Put, 1), (RunCast.Put, 2))), agent: agent);
        Assert.IsType<RunFailed>((await parent.EndAsync())[^1]);

        var fork = await parent.ForkAsync(atSeq: 1, live: true);
        Assert.Equal(ErrorCode.LimitExceeded, Assert.IsType<RunFailed>((await fork.EndAsync())[^1]).Code);
        Assert.Empty(fork.Invocations);
        var row = await fork.RowAsync();
        Assert.Equal((RunStatus.Failed, OpenState.Closed, null, null, (await fork.ViewAsync()).EndedAt), (row.Status, row.State, row.WakeAt, row.Owner, row.EndedAt));
        await fork.RequireChainAsync();
    }

    [Fact]
    public async Task Live_WithAnOutcomeThatIsOpen_AsksAPersonBeforeItMakesTheCall()
    {
        var parent = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Once), (_, _) => Result.Never());
        var records = await parent.WaitAsync(all => all.OfType<ToolStarted>().Any(), "start of the call");
        var started = records.ToList().FindIndex(record => record is ToolStarted);

        var fork = await parent.ForkAsync(started, live: true);
        var question = await fork.WaitForAsync<ApprovalRequested>();
        Assert.Equal(ApprovalKind.Resolve, question.Kind);
        Assert.Empty(fork.Invocations);
        var second = await fork.ForkAsync(atSeq: -1, live: true);
        Assert.Equal(ApprovalKind.Resolve, (await second.WaitForAsync<ApprovalRequested>()).Kind);
        Assert.Empty(second.Invocations);

        await fork.DecideAsync(ApprovalId.Parse(question.Approval), ApprovalVerdict.DidNotHappen, Alice);
        Assert.IsType<RunCompleted>((await fork.EndAsync())[^1]);
        Assert.Empty(fork.Invocations);
        await parent.ControlAsync(RunControl.Kill);
    }

    [Fact]
    public async Task WhoAskedForWhatIsTakenOver_CannotApproveInTheFork()
    {
        var parent = host.Silo.NewRun(Reply.CallingThenDone(RunCast.Pay));
        var starter = RunCast.Person("steve", Roles.Approver, Roles.Developer);
        await parent.Grain.StartAsync(parent.Command with { By = starter, OnBehalfOf = "bob" }, TestContext.Current.CancellationToken);
        await parent.AskedAsync();

        var fork = await parent.ForkAsync(atSeq: 1, live: true);
        var approval = await fork.AskedAsync();
        foreach (var person in new[] { starter, RunCast.Approver("bob") })
        {
            var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => fork.DecideAsync(approval, ApprovalVerdict.Approve, person));
            Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
        }

        var second = await fork.ForkAsync(atSeq: -1, live: true);
        var again = await second.AskedAsync();
        await Assert.ThrowsAsync<AgentRuntimeException>(() => second.DecideAsync(again, ApprovalVerdict.Approve, starter));
        Assert.Equal(ApprovalState.Approved, (await second.DecideAsync(again, ApprovalVerdict.Approve, Alice)).State);
    }

    [Fact]
    public async Task Send_WithARequestIdOfTheParent_IsAnotherInput()
    {
        var parent = await host.Silo.RunAsync(turn => Task.FromResult(turn.Messages[^1].Text is "first" or "second" ? Reply.Text(turn.Messages[^1].Text) : Reply.HandOver("?")));
        await parent.AsleepAsync();
        await parent.SendAsync("first", "m1");
        await parent.EndAsync();

        var fork = await parent.ForkAsync(atSeq: -1, live: false);
        await fork.SendAsync("second", "m1");
        Assert.Equal("second", Assert.IsType<RunCompleted>((await fork.EndAsync())[^1]).Output);
    }

    [Fact]
    public async Task WhatCannotBeForked_IsRefusedAndLeavesNoRun()
    {
        var parent = await host.Silo.RunAsync(Reply.CallingThenDone(RunCast.Look));
        await parent.EndAsync();
        await RefusedAsync(ErrorCode.InvalidArgument, parent, 1_000, "at_seq");
        await RefusedAsync(ErrorCode.NotFound, host.Silo.NewRun(Reply.CallingThenDone()), 0, "does not exist");

        await host.Silo.Journal.EraseAsync(parent.Key, 1);
        await RefusedAsync(ErrorCode.FailedPrecondition, parent, 2, "erased");
        Assert.NotNull(await parent.ForkAsync(0, live: true));
    }

    private static async Task RefusedAsync(ErrorCode code, TestRun parent, long atSeq, string named)
    {
        var fork = parent.NewFork(atSeq, live: true);
        var refusal = await Assert.ThrowsAnyAsync<AgentRuntimeException>(() => fork.Run.Grain.ForkAsync(fork.Command));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Null(await fork.Run.Grain.GetAsync());
    }

    private async Task<TestRun> PaidAsync()
    {
        var run = await host.Silo.RunAsync(turn => Task.FromResult(turn.Step == 1 ? Reply.Call(RunCast.PayOnce, 7) : Reply.Text("paid")));
        await run.DecideAsync(await run.AskedAsync(), ApprovalVerdict.Approve, Alice);
        await run.EndAsync();
        Assert.Single(run.Invocations);
        return run;
    }
}
