using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using Microsoft.Extensions.AI;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.State;

public sealed class RunFoldTests
{
    [Fact]
    public void Apply_LateFailureOfAnEarlierAttempt_LeavesTheOpenAttemptOpen()
    {
        var state = Fold(
            Started(),
            Reply(1, Call()),
            ToolStarted("silo-1", T0),
            Asked(ApprovalKind.Resolve),
            Decided(ApprovalVerdict.Retry),
            ToolStarted("silo-2", T0) with { Attempt = 2 },
            new AttemptFailed(1, 0, 1, ErrorCode.Timeout, "not sent", IsTransient: true, null));

        Assert.Equal((CallPhase.Started, 2), (state.Calls[0].Phase, state.Calls[0].Started!.Attempt));
    }

    [Fact]
    public void Apply_FailureOfTheOpenAttempt_LetsItBeMadeAgain()
    {
        var state = Fold(
            Started(),
            Reply(1, Call()),
            ToolStarted("silo-1", T0),
            new AttemptFailed(1, 0, 1, ErrorCode.Unavailable, "not sent", IsTransient: true, null));

        Assert.Equal(CallPhase.Requested, state.Calls[0].Phase);
    }

    [Theory]
    [InlineData(RiskLevel.WriteHigh, "Approved")]
    [InlineData(RiskLevel.Critical, "Requested")]
    public void Apply_Retry_PermitsOnlyWhatOnePersonMayPermit(RiskLevel risk, string phase)
    {
        var state = Fold(
            Started(), Reply(1, Call()), ToolStarted("silo-1", T0), Asked(ApprovalKind.Resolve, risk), Decided(ApprovalVerdict.Retry));

        Assert.Equal(phase, state.Calls[0].Phase.ToString());
        Assert.Equal(risk == RiskLevel.Critical, state.Calls[0].Approval is null);
    }

    [Fact]
    public void Apply_RetryOfAnyRisk_SettlesTheCallAndNoOther()
    {
        var state = Fold(
            Started(), Reply(1, Call(), Call("c2")), new RunRestored("cluster-1", T0), Asked(ApprovalKind.Resolve, RiskLevel.Critical), Decided(ApprovalVerdict.Retry));

        Assert.True(state.IsRestored);
        Assert.Equal([true, false], state.Calls.Select(call => call.IsSettled));
    }

    [Fact]
    public void Apply_SecondOutcomeOfACall_ChangesNothing()
    {
        var state = Fold(
            Started(), Reply(1, Call(), Call("c2")), Returned(1), Returned(1) with { Result = "\"other\"" }, Returned(1, call: 1));

        var results = state.Window.ToMessages().SelectMany(message => message.Contents).OfType<FunctionResultContent>();
        Assert.Equal(["\"ok\"", "\"ok\""], results.Select(result => result.Result));
    }
}
