using AgentRuntime.Runs;
using AgentRuntime.Runs.Commands;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using static AgentRuntime.Grains.Tests.Runs.RunSamples;

namespace AgentRuntime.Grains.Tests.Runs.Commands;

public sealed class RunCommandsTests
{
    [Fact]
    public void Send_MoreThanTheModelHasSeen_IsBounded()
    {
        var records = new List<RunRecord> { Started(), Reply(1, Call()), Asked() };
        for (var i = 0; i < RunState.MaxUnseenInputs; i++) records.Add(new InputReceived($"r{i}", "alice", "x"));
        var full = Fold([.. records]);

        Assert.Equal(ErrorCode.LimitExceeded, Send(full, "one-more", "x").Refusal!.Code);
        Assert.Null(Send(Fold([.. records, Returned(1), Reply(2)]), "one-more", "x").Refusal);
    }

    [Fact]
    public void Send_TooManyCharacters_IsRefused() =>
        Assert.Equal(ErrorCode.LimitExceeded, Send(Fold(Started()), "r", new string('x', RunState.MaxUnseenInputChars + 1)).Refusal!.Code);

    [Fact]
    public void Send_SameRequestAgain_AddsNothing() =>
        Assert.Empty(Send(Fold(Started(), new InputReceived("r1", "alice", "x")), "r1", "x").Records);

    [Fact]
    public void Send_AnotherTextByTheSameRequest_IsRefused()
    {
        var state = Fold(Started(), new InputReceived("r1", "alice", "x"));
        Assert.Equal(ErrorCode.AlreadyExists, Send(state, "r1", "y").Refusal!.Code);
        var reloaded = Fold(Started());
        RunSnapshot.Decode(RunSnapshot.Encode(state)).RestoreTo(reloaded);
        Assert.Equal(ErrorCode.AlreadyExists, Send(reloaded, "r1", "y").Refusal!.Code);
        Assert.Empty(Send(reloaded, "r1", "x").Records);
    }

    [Theory]
    [InlineData(RunControl.Pause)]
    [InlineData(RunControl.Resume)]
    [InlineData(RunControl.Cancel)]
    [InlineData(RunControl.Kill)]
    public void Control_CompletedRun_IsRefused(RunControl control)
    {
        var result = RunCommands.Control(Fold(Started(), new RunCompleted("done")), new ControlRun(control, "why", Person("alice")));
        Assert.Equal(ErrorCode.FailedPrecondition, result.Refusal!.Code);
    }

    private static CommandResult Send(RunState state, string requestId, string text) =>
        RunCommands.Send(state, new SendInput(text, requestId, Person("alice")));
}
