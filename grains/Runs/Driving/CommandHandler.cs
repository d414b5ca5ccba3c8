using AgentRuntime.Common;
using AgentRuntime.Runs.Commands;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>Carries out the commands of a run's queue: folds, decides, appends, and answers only then.</summary>
internal sealed class CommandHandler(RunSession session, CommandQueue queue, RunSlices slices, IApprovalInbox inbox, JournalAccess access)
{
    /// <summary>How often a command is decided anew when another writer was faster.</summary>
    private const int MaxFenced = 8;

    public async Task HandleAllAsync(Flight flight)
    {
        while (queue.TryDequeue(out var pending))
        {
            try
            {
                // Whoever has gone is not served: neither is anything looked up for them, nor written.
                pending.Cancellation.ThrowIfCancellationRequested();
                using var span = RunSpans.Command(pending.Command, pending.Caller, session.Key);
                pending.Succeed(await HandleAsync(pending, flight));
            }
            catch (Exception failure)
            {
                pending.Fail(failure);
            }
        }
    }

    private async Task<object?> HandleAsync(PendingCommand pending, Flight flight)
    {
        var cancellation = pending.Cancellation;
        switch (pending.Command)
        {
            case StartRun start:
                await slices.Starter.StartAsync(session, start, cancellation);
                return RunViews.Of(session.State!);
            case ForkRun fork:
                await slices.Starter.ForkAsync(session, fork, cancellation);
                return RunViews.Of(session.State!);
            case GetRun:
                return await EnsureLoadedAsync(cancellation) ? RunViews.Of(session.State!) : null;
            case GetSpoken:
                return await GetSpokenAsync(cancellation);
            case WakeRun:
                if (!session.Tenure.IsMine) await session.ReloadAsync();
                return null;
            case SendInput send:
                await ApplyAsync(state => RunCommands.Send(state, send), send.By, flight, cancellation);
                return RunViews.Of(session.State!);
            case ControlRun control:
                await ApplyAsync(state => RunCommands.Control(state, control), control.By, flight, cancellation);
                return RunViews.Of(session.State!);
            case DecideApproval decide:
                return await DecideAsync(decide, flight, cancellation);
            default:
                throw new InvalidOperationException($"No handler for {pending.Command.GetType().Name}.");
        }
    }

    // What was said in a run whose content is gone is gone, and the conversation goes on without it.
    private async Task<SpokenSoFar?> GetSpokenAsync(CancellationToken cancellation)
    {
        if (session is { State: not null, IsStale: false } || await session.ReloadAsync(cancellation))
            return new SpokenSoFar(RunViews.Status(session.State!), session.State!.Window.ToSpoken(), session.Definition!.DataClasses);
        return session.PrunedStatus is { } status ? new SpokenSoFar(status, [], []) : null;
    }

    private async Task<object?> DecideAsync(DecideApproval command, Flight flight, CancellationToken cancellation)
    {
        Approvals.ApprovalView? decided = null;
        if (command is { Verdict: Approvals.ApprovalVerdict.Happened, Result: { } entered } && await EnsureLoadedAsync(cancellation))
            await EnteredResults.RequireAsync(session, slices.Tools, command.Approval, entered, cancellation);
        try
        {
            await ApplyAsync(
                state =>
                {
                    var result = ApprovalCommands.Decide(state, command, session.Now);
                    decided = result.Records.Count == 0 ? null : ApprovalViews.Changes(state, result.Records[0], session.Now).Single();
                    return result;
                },
                command.By,
                flight,
                cancellation);
            return decided;
        }
        catch (AgentRuntimeException refusal) when (refusal.Code == ErrorCode.FailedPrecondition || (refusal.Code == ErrorCode.PermissionDenied && session.State is { } asked && ApprovalCommands.HasApproved(asked, command)))
        {
            // A later decider is told who won, and who has decided asks again because the answer was lost.
            var view = await inbox.GetAsync(session.Key.Tenant, command.Approval, cancellation)
                ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"approval {command.Approval}: run {session.Key.Run} never asked for it.");
            if (session.State is { } state && await EarlierDecision.IsAsync(access, state, command, view, cancellation)) return view;
            if (view.State == Approvals.ApprovalState.Pending) throw;
            var reason = view.Reason is null ? string.Empty : $" ({view.Reason})";
            throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"approval {command.Approval}: was {view.State} already{reason}.");
        }
    }

    private async Task ApplyAsync(Func<RunState, CommandResult> decide, Principal by, Flight flight, CancellationToken cancellation)
    {
        if (!await EnsureLoadedAsync(cancellation)) throw new AgentRuntimeException(ErrorCode.NotFound, $"run {session.Key.Run}: does not exist.");
        for (var i = 0; i < MaxFenced; i++)
        {
            var result = decide(session.State!);
            if (result.Refusal is { } refusal) throw refusal;
            cancellation.ThrowIfCancellationRequested();
            if (result.Records.Count == 0 || await TryAppendAsync(result.Records, by, flight)) return;
        }

        throw new AgentRuntimeException(ErrorCode.Unavailable, $"run {session.Key.Run}: other writers were faster {MaxFenced} times; try again.", isTransient: true);
    }

    private async Task<bool> TryAppendAsync(IReadOnlyList<RunRecord> records, Principal by, Flight flight)
    {
        var appended = false;
        try
        {
            appended = await session.AppendAsync(records, by.Identity, flight);
        }
        finally
        {
            if (!appended) await session.ReloadAsync();
        }

        return appended;
    }

    private async Task<bool> EnsureLoadedAsync(CancellationToken cancellation)
    {
        if (session is { State: not null, IsStale: false } || await session.ReloadAsync(cancellation)) return true;
        session.RequireNotPruned();
        return false;
    }
}
