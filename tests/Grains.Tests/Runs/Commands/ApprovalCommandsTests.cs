using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Commands;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.Commands;

public sealed class ApprovalCommandsTests
{
    private static readonly RunState Waiting = Fold(Started(), Reply(1, Call()), Asked(excluded: "idp|person|author"));

    [Fact]
    public void Decide_Approve_RecordsIt() =>
        Assert.IsType<ApprovalDecided>(Assert.Single(Decide(Waiting, Person("alice", Roles.Approver)).Records));

    [Fact]
    public void Decide_Deny_AlsoEndsTheCall()
    {
        var result = Decide(Waiting, Person("alice", Roles.Approver), ApprovalVerdict.Deny);
        Assert.Equal(ToolOutcomeKind.NotMade, Assert.IsType<ToolReturned>(result.Records[1]).Outcome);
    }

    [Theory]
    [InlineData("author", Roles.Approver, "cannot decide")]
    [InlineData("alice", Roles.Developer, "role approver")]
    public void Decide_WrongPerson_IsRefused(string person, string role, string reason)
    {
        var refusal = Decide(Waiting, Person(person, role)).Refusal;
        Assert.Equal(ErrorCode.PermissionDenied, refusal!.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_Service_IsRefused() =>
        Assert.Contains("only a person", Decide(Waiting, Person("x", Roles.Approver) with { Person = null }).Refusal!.Message, StringComparison.Ordinal);

    [Fact]
    public void Decide_OnBehalfOfPerson_IsRefused()
    {
        var state = Fold(Started(onBehalfOf: "alice"), Reply(1, Call()), Asked());
        Assert.Equal(ErrorCode.PermissionDenied, Decide(state, Person("alice", Roles.Approver)).Refusal!.Code);
    }

    [Fact]
    public void Decide_Critical_NeedsTwoPeopleAndAFreshLogin()
    {
        var once = Fold(Started(), Reply(1, Call()), Asked(risk: RiskLevel.Critical, people: 2), Decided(ApprovalVerdict.Approve));
        Assert.Equal(CallPhase.AwaitingApproval, once.Calls[0].Phase);
        Assert.Contains("approved already", Decide(once, Person("alice", Roles.Approver)).Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains(
            "5 minutes", Decide(once, Person("bob", Roles.Approver), now: T0.AddMinutes(6)).Refusal!.Message, StringComparison.Ordinal);
        Assert.Null(Decide(once, Person("bob", Roles.Approver)).Refusal);
        var twice = Fold(
            Started(),
            Reply(1, Call()),
            Asked(risk: RiskLevel.Critical, people: 2),
            Decided(ApprovalVerdict.Approve),
            Decided(ApprovalVerdict.Approve, "idp|person|bob"));
        Assert.Equal(CallPhase.Approved, twice.Calls[0].Phase);
    }

    [Fact]
    public void Decide_Expired_IsRefused() =>
        Assert.Contains("expired", Decide(Waiting, Person("alice", Roles.Approver), now: T0.AddHours(1)).Refusal!.Message, StringComparison.Ordinal);

    [Fact]
    public void Decide_SecondTime_IsRefused()
    {
        var decided = Fold(Started(), Reply(1, Call()), Asked(), Decided(ApprovalVerdict.Approve));
        Assert.Equal(ErrorCode.FailedPrecondition, Decide(decided, Person("bob", Roles.Approver)).Refusal!.Code);
    }

    [Fact]
    public void Decide_AnswerOfTheOtherKind_IsRefused()
    {
        Assert.Equal(ErrorCode.InvalidArgument, Decide(Waiting, Person("alice", Roles.Approver), ApprovalVerdict.Retry).Refusal!.Code);
        var resolve = Fold(Started(), Reply(1, Call()), ToolStarted("s", T0), Asked(ApprovalKind.Resolve));
        Assert.Equal(ErrorCode.InvalidArgument, Decide(resolve, Person("alice", Roles.Approver)).Refusal!.Code);
        Assert.Equal(ErrorCode.InvalidArgument, Decide(resolve, Person("alice", Roles.Approver), ApprovalVerdict.Happened).Refusal!.Code);
    }

    private static CommandResult Decide(
        RunState state, Principal by, ApprovalVerdict verdict = ApprovalVerdict.Approve, DateTimeOffset? now = null) =>
        ApprovalCommands.Decide(
            state, new DecideApproval(ApprovalId.Parse($"{Key.Run}-1-0-1"), verdict, "looked at it", null, by), now ?? T0);
}
