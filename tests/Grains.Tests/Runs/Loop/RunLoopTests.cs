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
    public void Decide_RestoredAndHeld_DoesNothingHoweverLateItIs()
    {
        var state = Restored(T0.AddDays(8));
        Assert.Equal(new RunDecision.Sleep(RunStatus.Paused, RunDecision.Sleep.Never), Decide(state, T0.AddDays(800)));
        RunFold.Apply(state, new CancelRequested("alice", "enough"), 5, T0.AddDays(800));
        Assert.IsType<RunCancelled>(Assert.Single(Assert.IsType<RunDecision.Record>(Decide(state, T0.AddDays(800))).Records));
    }

    [Fact]
    public void Decide_RestoredAndResumed_HasTheTimeThatItHadAtTheBackup()
    {
        var state = Restored(T0.AddDays(8));
        RunFold.Apply(state, new RunResumed("alice", "go on"), 5, T0.AddDays(20));
        // An hour to approve from the start on, of which the backup saw ten minutes.
        var expiry = T0.AddDays(20).AddMinutes(50);
        var sleep = Assert.IsType<RunDecision.Sleep>(Decide(state, expiry.AddSeconds(-1)));
        Assert.Equal((RunStatus.WaitingForApproval, expiry), (sleep.Status, sleep.WakeAt));
        Assert.IsType<ApprovalExpired>(Assert.IsType<RunDecision.Record>(Decide(state, expiry)).Records[0]);

        RunFold.Apply(state, new RunPaused("alice", "lunch"), 6, T0.AddDays(20));
        var end = T0.AddDays(20).AddSeconds(7200 - 600);
        Assert.Equal(end, Assert.IsType<RunDecision.Sleep>(Decide(state, T0.AddDays(20))).WakeAt);
        var limit = Assert.IsType<LimitReached>(Assert.IsType<RunDecision.Record>(Decide(state, end)).Records[0]);
        Assert.Equal(new LimitReached("maxWallSeconds", 7200, 7200), limit);
    }

    [Fact]
    public void Decide_RestoredTwice_HasNotWaitedTwice()
    {
        var state = Restored(T0.AddDays(8));
        RunFold.Apply(state, new RunRestored("cluster-2", T0.AddDays(9)), 5, T0.AddDays(30));
        RunFold.Apply(state, new RunPaused("runtime", "restored"), 6, T0.AddDays(30));
        RunFold.Apply(state, new RunResumed("alice", "go on"), 7, T0.AddDays(31));
        Assert.Equal(TimeSpan.FromDays(31) - TimeSpan.FromMinutes(10), state.Held);
    }

    [Fact]
    public void Apply_ForkOfARestoredRun_TakesOverTheDoubtAndNotTheTime()
    {
        var state = Fold(Started(), new Forked("run-1", 3, Hash, Live: true, Records: 1), new RunRestored("cluster-1", T0.AddDays(-8)));
        Assert.Equal((true, null, TimeSpan.Zero), (state.IsRestored, state.HeldSince, state.Held));
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

    /// <summary>A run with a pending approval, backed up after ten minutes of its two hours.</summary>
    private static RunState Restored(DateTimeOffset at)
    {
        var state = Fold(Started(new RunLimits { MaxWallSeconds = 7200 }), Reply(1, Call()), Asked());
        RunFold.Apply(state, new RunRestored("cluster-1", T0.AddMinutes(10)), 3, at);
        RunFold.Apply(state, new RunPaused("runtime", "restored"), 4, at);
        return state;
    }

    private static RunDecision Decide(RunState state, DateTimeOffset? now = null) => RunLoop.Decide(state, new LoopInput(now ?? T0, Live));
}
