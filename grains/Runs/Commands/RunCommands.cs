using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Commands;

/// <summary>What Send, Pause, Resume, Cancel and Kill do to a run. Pure.</summary>
internal static class RunCommands
{
    public static CommandResult Send(RunState state, SendInput command)
    {
        foreach (var sent in state.RememberedSends)
        {
            if (sent.RequestId != command.RequestId) continue;
            return sent.IsSameText(command.Text)
                ? CommandResult.Nothing
                : CommandResult.Refused(ErrorCode.AlreadyExists, $"request_id {command.RequestId}: gave run {state.Key.Run} another input. Use another request id.");
        }

        if (state.IsTerminal) return Terminal(state);
        if (state.UnseenInputs >= RunState.MaxUnseenInputs || state.UnseenInputChars + command.Text.Length > RunState.MaxUnseenInputChars)
        {
            return CommandResult.Refused(
                ErrorCode.LimitExceeded,
                $"run {state.Key.Run}: {state.UnseenInputs} inputs wait for the model (at most {RunState.MaxUnseenInputs} and {RunState.MaxUnseenInputChars} characters). Send again when it has answered.");
        }

        return CommandResult.Of(new InputReceived(command.RequestId, command.By.Identity, command.Text));
    }

    public static CommandResult Control(RunState state, ControlRun command)
    {
        var by = command.By.Identity;
        switch (command.Control)
        {
            case RunControl.Pause when state.IsTerminal:
            case RunControl.Resume when state.IsTerminal:
                return Terminal(state);
            case RunControl.Pause:
                return state.Pause is null ? CommandResult.Of(new RunPaused(by, command.Reason)) : CommandResult.Nothing;
            case RunControl.Resume:
                return state.Pause is null ? CommandResult.Nothing : CommandResult.Of(new RunResumed(by, command.Reason));
            case RunControl.Cancel:
            case RunControl.Kill:
                return Stop(state, command.Control, by, command.Reason);
            default:
                return CommandResult.Refused(ErrorCode.InvalidArgument, $"control: {(int)command.Control} is none of pause, resume, cancel, kill.");
        }
    }

    private static CommandResult Stop(RunState state, RunControl control, string by, string reason)
    {
        if (state.End is RunCancelled) return CommandResult.Nothing;
        if (state.IsTerminal) return Terminal(state);
        if (control == RunControl.Kill) return CommandResult.Of(new KillRequested(by, reason), new RunCancelled(by, reason));
        return state.Cancel is null ? CommandResult.Of(new CancelRequested(by, reason)) : CommandResult.Nothing;
    }

    private static CommandResult Terminal(RunState state) => CommandResult.Refused(
        ErrorCode.FailedPrecondition, $"run {state.Key.Run}: is {RunViews.Status(state)} and takes no more commands. Start a new run.");
}
