using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Drives one run on one activation: decides, does, appends, until there is nothing to do. Commands are served between appends and while a
/// model or tool call is under way.
/// </summary>
internal sealed class RunDriver(
    RunSession session, CommandQueue queue, CommandHandler handler, TenantDirectory tenants, StepRunner steps, string owner)
{
    /// <summary>A suspended tenant's run looks again after this long.</summary>
    public static readonly TimeSpan SuspendedPoll = TimeSpan.FromSeconds(30);

    /// <summary>Works until the run sleeps, ends, or is someone else's.</summary>
    /// <param name="handOver">Ends the work at the next step boundary and leaves the run to whoever comes.</param>
    public async Task DriveAsync(CancellationToken handOver)
    {
        while (true)
        {
            await handler.HandleAllAsync(Flight.None);
            if (session.LoadFault is { } fault) throw new AgentRuntimeException(ErrorCode.Unavailable, $"run {session.Key}: cannot be read.", isTransient: true, fault);
            if (session.State is not { IsTerminal: false } state || session.IsElsewhere) return;
            if (handOver.IsCancellationRequested)
            {
                if (session.IsMine) await session.ChangeRowAsync(RunSession.RowForOwner(null));
                if (queue.IsEmpty) return;
                continue;
            }

            if (await DoAsync(RunLoop.Decide(state, session.LoopInput), handOver)) continue;
            if (queue.IsEmpty) return;
        }
    }

    /// <summary>Carries out one decision. False when there is nothing more to do.</summary>
    private async Task<bool> DoAsync(RunDecision decision, CancellationToken handOver)
    {
        switch (decision)
        {
            case RunDecision.Closed:
                return false;
            case RunDecision.Sleep sleep:
                return await SleepAsync(sleep, handOver);
            case RunDecision.Record record:
                await steps.AppendAsync(record.Records, handOver);
                return true;
            case RunDecision.AskOutcome ask:
                await steps.AskOutcomeAsync(ask.Call, handOver);
                return true;
            case RunDecision.CallModel model:
                if (!await MayWorkAsync()) return false;
                if (await TakeOverAsync(model.Step, null, model.Attempt)) await steps.CallModelAsync(model, handOver);
                return true;
            case RunDecision.CallTool tool:
                if (!await MayWorkAsync()) return false;
                if (await TakeOverAsync(tool.Call.Step, tool.Call.Index, tool.Attempt)) await steps.CallToolAsync(tool, handOver);
                return true;
            default:
                throw new InvalidOperationException($"No way to do {decision.GetType().Name}.");
        }
    }

    private async Task<bool> SleepAsync(RunDecision.Sleep sleep, CancellationToken handOver)
    {
        var wait = sleep.WakeAt - session.Now;
        if (wait <= RunSession.HeldWait)
        {
            await steps.WaitAsync(wait, handOver);
            return true;
        }

        var row = RunSession.RowFor(sleep);
        if (session.RowState == OpenState.Waiting && !session.IsMine) return false;
        if (!await session.ChangeRowAsync(row)) await session.ReloadAsync();
        return session.RowState != OpenState.Waiting;
    }

    /// <summary>Makes this activation the owner before anything is done. False when the state has changed and must be looked at again.</summary>
    private async Task<bool> TakeOverAsync(int step, int? call, int attempt)
    {
        if (session.IsMine) return true;
        if (session.RowOwner is { } previous)
        {
            // Whoever owned the run may have been making this very attempt; its bytes fence that owner off.
            if (!await session.AppendAsync([new AttemptLost(step, call, attempt, previous, owner)], Actors.Runtime, Flight.None))
                await session.ReloadAsync();
            return false;
        }

        if (await session.ChangeRowAsync(RunSession.RowForOwner(owner))) return true;
        await session.ReloadAsync();
        return false;
    }

    /// <summary>Whether the tenant may work; if not the run is parked and looks again later. Doubt means no.</summary>
    private async ValueTask<bool> MayWorkAsync()
    {
        try
        {
            if (await tenants.GetAsync(session.Key.Tenant) is { SuspendedReason: null }) return true;
        }
        catch (AgentRuntimeException failure) when (failure.IsTransient)
        {
        }

        var parked = new RowChange(RunStatus.Paused, OpenState.Waiting, session.Now + SuspendedPoll, Owner: null);
        if (!await session.ChangeRowAsync(parked)) await session.ReloadAsync();
        return false;
    }
}
