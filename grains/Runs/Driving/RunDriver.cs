using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Drives one run on one activation: decides, does, appends, until there is nothing to do. Commands are served between appends and while a
/// model or tool call is under way.
/// </summary>
internal sealed partial class RunDriver(
    RunSession session, CommandQueue queue, CommandHandler handler, RunSlices slices, StepRunner steps, string owner)
{
    private readonly ILogger _log = slices.Log;
    private readonly RunScope _scope = new(session);

    /// <summary>A suspended tenant's run looks again after this long.</summary>
    public static readonly TimeSpan SuspendedPoll = TimeSpan.FromSeconds(30);

    /// <summary>While nobody can say whether the tenant may work, the run looks again after this long: its grain moves when a silo dies.</summary>
    public static readonly TimeSpan UnknownPoll = TimeSpan.FromSeconds(1);

    /// <summary>A run whose tool or model this silo cannot serve looks again after this long, perhaps elsewhere.</summary>
    public static readonly TimeSpan UnservedPoll = TimeSpan.FromSeconds(30);

    /// <summary>One turn: after this long the work ends at a step boundary, so that Orleans may deactivate or move the grain.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>Works until the run sleeps, ends or is someone else's, or the turn is over.</summary>
    /// <param name="handOver">Ends the work at the next step boundary and leaves the run to whoever comes.</param>
    /// <returns>Whether there is more to do.</returns>
    public async Task<bool> DriveAsync(CancellationToken handOver)
    {
        using var scope = slices.Scopes.AreShown ? _log.BeginScope(_scope) : null;
        var turnEnd = session.Now + Turn;
        while (true)
        {
            await handler.HandleAllAsync(Flight.None);
            if (session.IsStale) await session.ReloadAsync(CancellationToken.None);
            if (session.State is { IsTerminal: true } ended && session.Tenure.State != OpenState.Closed)
            {
                await CloseAsync(ended);
                continue;
            }

            if (session.State is not { IsTerminal: false } state || session.Tenure.IsElsewhere) return false;
            if (handOver.IsCancellationRequested)
            {
                await session.Tenure.ReleaseAsync();
                if (queue.IsEmpty) return false;
                continue;
            }

            var now = session.Now;
            if (now >= turnEnd || now < turnEnd - Turn) return true;
            if (await TryDoAsync(RunLoop.Decide(state, session.LoopInput), handOver)) continue;
            if (queue.IsEmpty && !session.IsStale) return false;
        }
    }

    /// <summary>Whether the run has got any further.</summary>
    public bool HasProgressed => session.HasProgressed;

    /// <summary>Ends a run that nobody can drive, if it is not somebody else's by now. False when somebody else was faster.</summary>
    public async Task<bool> TryGiveUpAsync(int faults)
    {
        await session.ReloadAsync();
        if (session.State is not { IsTerminal: false } state || session.Tenure.IsElsewhere) return true;
        var failed = new RunFailed(ErrorCode.Internal, $"The runtime failed {faults} times in the same way; give trace id {state.TraceId} to its operator.");
        if (!await session.AppendAsync([failed], Actors.Runtime, Flight.None)) return false;
        LogGivenUp(session.Key, faults, state.TraceId.ToString());
        return true;
    }

    /// <summary>Leaves the run to whoever comes, if this silo holds it.</summary>
    public Task ReleaseAsync() => session.Tenure.ReleaseAsync();

    private async Task<bool> TryDoAsync(RunDecision decision, CancellationToken handOver)
    {
        try
        {
            return await DoAsync(decision, handOver);
        }
        catch (AgentRuntimeException failure) when (!failure.IsTransient && failure.Code is ErrorCode.FailedPrecondition or ErrorCode.NotFound)
        {
            // This silo lacks a function or a tool that the run is pinned to; another one, or this one after a restart, may have it.
            LogUnserved(session.Key, failure.Message);
            if (session.IsStale) await session.ReloadAsync(CancellationToken.None);
            await ParkAsync(RunStatus.WaitingForTimer, UnservedPoll);
            return false;
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
            case RunDecision.Summarize summary:
                if (!await MayWorkAsync()) return false;
                if (await TakeOverAsync(summary.Step, null, summary.Attempt)) await steps.SummarizeAsync(summary, handOver);
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
        if (wait <= RunTenure.HeldWait)
        {
            await steps.WaitAsync(wait, handOver);
            return true;
        }

        if (session.Tenure.State == OpenState.Waiting && !session.Tenure.IsMine) return false;
        if (!await session.Tenure.TryChangeAsync(RunTenure.WaitingFor(sleep))) await session.ReloadAsync(CancellationToken.None);
        return session.Tenure.State != OpenState.Waiting;
    }

    /// <summary>Makes this activation the owner before anything is done. False when the state has changed and must be looked at again.</summary>
    private async Task<bool> TakeOverAsync(int step, int? call, int attempt)
    {
        if (session.Tenure.IsMine) return true;
        if (session.Tenure.Owner is { } previous)
        {
            // Whoever owned the run may have been making this very attempt; its bytes fence that owner off.
            if (!await session.AppendAsync([new AttemptLost(step, call, attempt, previous, owner)], Actors.Runtime, Flight.None))
                await session.ReloadAsync();
            return false;
        }

        if (await session.Tenure.TryClaimAsync()) return true;
        await session.ReloadAsync();
        return false;
    }

    /// <summary>Whether the tenant may work; if not the run is parked and looks again later. Doubt means no.</summary>
    private async ValueTask<bool> MayWorkAsync()
    {
        try
        {
            if (await slices.Tenants.GetAsync(session.Key.Tenant) is { SuspendedReason: null }) return true;
        }
        catch (Exception failure) when (failure is AgentRuntimeException { IsTransient: true } or OrleansException or TimeoutException)
        {
            LogTenantUnknown(session.Key, failure.Message);
            await ParkAsync(RunStatus.WaitingForTimer, UnknownPoll);
            return false;
        }

        await ParkAsync(RunStatus.Paused, SuspendedPoll);
        return false;
    }

    /// <summary>A run that has ended and is open for its row would be counted, listed and woken for ever.</summary>
    private async Task CloseAsync(RunState ended)
    {
        if (!await session.Tenure.TryCloseAsync(ended)) await session.ReloadAsync(CancellationToken.None);
    }

    private async Task ParkAsync(RunStatus status, TimeSpan wait)
    {
        if (!await session.Tenure.TryChangeAsync(new RowChange(status, OpenState.Waiting, session.Now + wait, Owner: null))) await session.ReloadAsync();
    }
}
