using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.Loop;

public sealed class RunLoopTests
{
    private static readonly HashSet<string> Live = ["silo-1"];

    [Fact]
    public void Decide_Started_CallsTheModel() =>
        Assert.Equal(new RunDecision.CallModel(1, 1), Decide(Fold(Started())));

    [Fact]
    public void Decide_ReplyWithCalls_MakesThemInOrder()
    {
        var first = Assert.IsType<RunDecision.CallTool>(Decide(Fold(Started(), Reply(1, Call(), Call("c2")))));
        Assert.Equal(0, first.Call.Index);
        var second = Assert.IsType<RunDecision.CallTool>(Decide(Fold(Started(), Reply(1, Call(), Call("c2")), Returned(1))));
        Assert.Equal(1, second.Call.Index);
    }

    [Fact]
    public void Decide_AllCallsDone_CallsTheModelAgain() =>
        Assert.Equal(new RunDecision.CallModel(2, 1), Decide(Fold(Started(), Reply(1, Call()), Returned(1))));

    [Fact]
    public void Decide_FullWindow_HasItSummarisedBeforeTheModelIsAsked()
    {
        var state = Fold(Started());
        state.Window = new ConversationWindow("Be kind.", Started(), new ContextWindow { LastTurns = 1, SummaryTokens = 64 });
        for (var step = 1; step <= 2; step++) RunFold.Apply(state, Reply(step), step, T0);
        RunFold.Apply(state, new AttemptFailed(3, null, 1, ErrorCode.Unavailable, "busy", true, T0), 3, T0);
        Assert.Equal(new RunDecision.Summarize(3, 2), Decide(state));
        var tokens = state.Tokens;
        RunFold.Apply(state, new ContextSummarized(3, 2, "rules", "they talked", 1, 30, 4), 4, T0);
        Assert.Equal(new RunDecision.CallModel(3, 3), Decide(state));
        Assert.Equal(tokens + 34, state.Tokens);
    }

    [Fact]
    public void Decide_OneCallWaitsForApproval_MakesTheOther()
    {
        var state = Fold(Started(), Reply(1, Call(), Call("c2")), Asked());
        Assert.Equal(1, Assert.IsType<RunDecision.CallTool>(Decide(state)).Call.Index);
    }

    [Fact]
    public void Decide_OnlyApprovalsLeft_SleepsUntilTheyExpire()
    {
        var sleep = Assert.IsType<RunDecision.Sleep>(Decide(Fold(Started(), Reply(1, Call()), Asked())));
        Assert.Equal((RunStatus.WaitingForApproval, T0.AddHours(1)), (sleep.Status, sleep.WakeAt));
    }

    [Fact]
    public void Decide_ApprovalExpired_IsDenied()
    {
        var record = Assert.IsType<RunDecision.Record>(Decide(Fold(Started(), Reply(1, Call()), Asked()), T0.AddHours(1)));
        Assert.IsType<ApprovalExpired>(record.Records[0]);
        Assert.Equal(ToolOutcomeKind.NotMade, Assert.IsType<ToolReturned>(record.Records[1]).Outcome);
    }

    [Fact]
    public void Decide_StartedByDeadSilo_AsksAPersonAndNeverCallsAgain() =>
        Assert.IsType<RunDecision.AskOutcome>(
            Decide(Fold(Started(), Reply(1, Call()), ToolStarted("silo-2", T0.AddMinutes(1)))));

    [Fact]
    public void Decide_StartedByLiveSilo_WaitsForDeadlineAndMargin()
    {
        var state = Fold(Started(), Reply(1, Call()), ToolStarted("silo-1", T0.AddMinutes(1)));
        var end = T0.AddMinutes(1) + RunLoop.OutcomeMargin;
        Assert.Equal(end, Assert.IsType<RunDecision.Sleep>(Decide(state)).WakeAt);
        Assert.IsType<RunDecision.AskOutcome>(Decide(state, end));
    }

    [Fact]
    public void Decide_StepsReached_EndsTheRunByName()
    {
        var record = Assert.IsType<RunDecision.Record>(
            Decide(Fold(Started(new RunLimits { MaxSteps = 1 }), Reply(1, Call()), Returned(1))));
        Assert.Equal("maxSteps", Assert.IsType<LimitReached>(record.Records[0]).Limit);
        Assert.Contains("maxSteps", Assert.IsType<RunFailed>(record.Records[1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_WallTimeReached_EndsEvenAPausedRun()
    {
        var state = Fold(Started(new RunLimits { MaxWallSeconds = 60 }), new RunPaused("alice", "wait"));
        Assert.Equal(T0.AddSeconds(60), Assert.IsType<RunDecision.Sleep>(Decide(state)).WakeAt);
        Assert.IsType<RunDecision.Record>(Decide(state, T0.AddSeconds(60)));
    }

    [Fact]
    public void Decide_CancelRequested_EndsCancelled() =>
        Assert.IsType<RunCancelled>(Assert.Single(
            Assert.IsType<RunDecision.Record>(Decide(Fold(Started(), new CancelRequested("alice", "enough")))).Records));

    [Fact]
    public void Decide_ModelRetryDueLater_Sleeps()
    {
        var retryAt = T0.AddMinutes(1);
        var state = Fold(Started(), new AttemptFailed(1, null, 1, ErrorCode.Unavailable, "m", true, retryAt));
        Assert.Equal(retryAt, Assert.IsType<RunDecision.Sleep>(Decide(state)).WakeAt);
        Assert.Equal(new RunDecision.CallModel(1, 2), Decide(state, retryAt));
    }

    [Fact]
    public void Decide_HandedOver_SleepsUntilInputComes()
    {
        var asked = Fold(Started(), Reply(1) with { NeedsPerson = true });
        Assert.Equal(RunStatus.WaitingForInput, Assert.IsType<RunDecision.Sleep>(Decide(asked)).Status);
        var told = Fold(Started(), Reply(1) with { NeedsPerson = true }, new InputReceived("r2", "alice", "go on"));
        Assert.Equal(new RunDecision.CallModel(2, 1), Decide(told));
    }

    [Fact]
    public void Decide_LostAttempts_CountAgainstTheRunNotTheCall()
    {
        var lost = Enumerable.Repeat<RunRecord>(new AttemptLost(1, null, 1, "silo-0", "silo-1"), 5);
        Assert.Equal(new RunDecision.CallModel(1, 6), Decide(Fold([Started(), .. lost])));
        var limits = new RunLimits { MaxRetriesPerRun = 4 };
        Assert.IsType<RunDecision.Record>(Decide(Fold([Started(limits), .. lost])));
    }

    [Fact]
    public void Decide_RetryPermitted_CallsOnceMore()
    {
        var state = Fold(
            Started(), Reply(1, Call()), ToolStarted("silo-2", T0), Asked(ApprovalKind.Resolve), Decided(ApprovalVerdict.Retry));
        Assert.Equal(2, Assert.IsType<RunDecision.CallTool>(Decide(state)).Attempt);
    }

    private static RunDecision Decide(RunState state, DateTimeOffset? now = null) => RunLoop.Decide(state, new LoopInput(now ?? T0, Live));
}
