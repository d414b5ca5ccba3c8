using AgentRuntime.Common;
using AgentRuntime.Runs.Deltas;
using AgentRuntime.Runs.Loop;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>Makes the model and tool calls of a run and appends what came of them.</summary>
internal sealed class StepRunner(
    RunSession session, CallWatch watch, HeardModel model, ToolGateway gateway, Toolset toolset, string owner)
{
    /// <summary>How often an outcome is appended anew when another writer was faster.</summary>
    private const int MaxFenced = 16;

    private bool _toolsLoaded;
    private int _foundStep;
    private IReadOnlyList<PreparedTool?> _found = [];

    public Task AppendAsync(IReadOnlyList<RunRecord> records, CancellationToken giveUp) =>
        RecordAsync(_ => records, once: true, Actors.Runtime, giveUp);

    public Task WaitAsync(TimeSpan wait, CancellationToken handOver) => watch.WaitAsync(wait, handOver);

    public async Task AskOutcomeAsync(CallState call, CancellationToken giveUp)
    {
        await LoadToolsAsync();
        var tool = await toolset.FindAsync(call.Requested.Name)
            ?? throw new AgentRuntimeException(ErrorCode.NotFound, $"run {session.Key}: tool {call.Requested.Name} is gone.");
        await AppendAsync([CallGate.AskOutcome(session.State!, call, tool.Version, session.Now)], giveUp);
    }

    public async Task CallModelAsync(RunDecision.CallModel decision, CancellationToken giveUp)
    {
        using var span = RunSpans.Step(session.State!, decision.Step, decision.Attempt);
        await LoadToolsAsync();
        using var stop = new CancellationTokenSource();
        var asked = session.State!;
        var point = new RunDecisionPoint(decision.Step, decision.Attempt, asked.LastSeq);
        var call = model.CallAsync(asked, session.Definition!, toolset.Declarations, point, stop);
        if (await watch.AwaitAsync(call, stop) is not { } outcome) return;
        _found = outcome is ModelOutcome.Replied { Reply: var reply } ? await FindToolsAsync(asked, reply) : [];
        _foundStep = decision.Step;
        await RecordAsync(
            state => state.Steps == decision.Step - 1 && state is { IsTerminal: false, Calls.Count: 0 } && session.Tenure.IsMine
                ? ModelRecords.Of(state, session.Definition!, point, outcome, _found, session.Now)
                : null,
            once: false,
            Actors.Model(asked.Start.Model),
            giveUp);
    }

    public async Task SummarizeAsync(RunDecision.Summarize decision, CancellationToken giveUp)
    {
        using var span = RunSpans.Step(session.State!, decision.Step, decision.Attempt);
        using var stop = new CancellationTokenSource();
        var asked = session.State!;
        var request = asked.Window.ToSummaryRequest();
        var point = new RunDecisionPoint(decision.Step, decision.Attempt, asked.LastSeq);
        if (await watch.AwaitAsync(model.SummarizeAsync(asked, session.Definition!, request, point, stop), stop) is not { } outcome) return;
        await RecordAsync(
            state => state.Steps == decision.Step - 1 && state is { IsTerminal: false, Calls.Count: 0 } && state.Window.SummarySeq == request.AfterSeq && session.Tenure.IsMine
                ? SummaryRecords.Of(state, point, outcome, request, session.Now)
                : null,
            once: false,
            Actors.Model(asked.Start.Model),
            giveUp);
    }

    public async Task CallToolAsync(RunDecision.CallTool decision, CancellationToken giveUp)
    {
        using var span = RunSpans.Step(session.State!, decision.Call.Step, decision.Attempt);
        await LoadToolsAsync();
        var state = session.State!;
        var call = decision.Call;
        var tool = await toolset.FindAsync(call.Requested.Name);
        if (await toolset.FindAnswerAsync(state, call, tool) is { } answer)
        {
            await AppendAsync([answer], giveUp);
            return;
        }

        var instead = WasAllowed(call, tool) ? [] : CallGate.Check(state, session.Definition!, call, tool, toolset.Names, session.Now);
        if (instead.Count > 0)
        {
            await AppendAsync(instead, giveUp);
            return;
        }

        var deadline = session.Now.AddMilliseconds(tool!.Version.Contract.TimeoutMs);
        var isAtMostOnce = tool.Version.Contract.Effect == EffectClass.AtMostOnce;
        if (isAtMostOnce && !await TryMarkStartedAsync(call, decision.Attempt, deadline, tool.Version.Hash)) return;
        using var stop = new CancellationTokenSource();
        var invocation = new ToolInvocation(
            session.Key.Tenant, $"{session.Key}/{call.Step}/{call.Index}", decision.Attempt, tool.Version, call.Requested.Arguments!.Value, deadline)
        {
            Trace = state.Trace,
        };
        var attempt = gateway.InvokeAsync(tool, invocation, stop.Token).AsTask();
        // What an at-most-once call did must be known, so that one is awaited even when the run is someone else's by now.
        var outcome = isAtMostOnce ? await watch.AwaitToEndAsync(attempt, stop) : await watch.AwaitAsync(attempt, stop);
        if (outcome is null) return;
        await RecordAsync(
            now => now.FindCall(call.Step, call.Index) is { IsDone: false } open
                && (isAtMostOnce ? open.Started?.Attempt == decision.Attempt : session.Tenure.IsMine)
                ? ToolRecords.Of(now, open, tool.Version, decision.Attempt, outcome, session.Now)
                : null,
            once: false,
            Actors.Tool(tool.Version.Tool.Value),
            giveUp);
    }

    private async Task<bool> TryMarkStartedAsync(CallState call, int attempt, DateTimeOffset deadline, string contractHash)
    {
        var started = new ToolStarted(call.Step, call.Index, attempt, owner, deadline, contractHash);
        if (await session.AppendAsync([started], Actors.Runtime, Flight.Open)) return true;
        await session.ReloadAsync();
        return false;
    }

    /// <summary>Appends what <paramref name="build"/> makes of the state, and again of the reloaded state while another writer is faster.</summary>
    private async Task RecordAsync(Func<RunState, IReadOnlyList<RunRecord>?> build, bool once, string actor, CancellationToken giveUp)
    {
        for (var i = 0; i < MaxFenced; i++)
        {
            if (session.IsStale) await session.ReloadPatientlyAsync(watch.Stall(giveUp));
            if (session.State is not { IsTerminal: false } state || build(state) is not { Count: > 0 } records) return;
            if (await session.AppendPatientlyAsync(records, actor, watch.Stall(giveUp)) || once) return;
        }
    }

    /// <summary>Whether the same question was asked when the reply came: same call, same contract, same standing. The answer is pure.</summary>
    private bool WasAllowed(CallState call, PreparedTool? tool) =>
        call is { Phase: CallPhase.Requested, SpentAttempts: 0 } && call.Step == _foundStep && call.Index < _found.Count
        && tool is not null && ReferenceEquals(_found[call.Index], tool);

    private async Task<IReadOnlyList<PreparedTool?>> FindToolsAsync(RunState state, ModelReplied reply)
    {
        if (reply.Calls.Count == 0 || reply.Calls.Count > session.Definition!.Limits.MaxFanOut || state.Fork is { Live: false }) return [];
        var found = new PreparedTool?[reply.Calls.Count];
        for (var i = 0; i < found.Length; i++) found[i] = await toolset.FindAsync(reply.Calls[i].Name);
        return found;
    }

    private async ValueTask LoadToolsAsync()
    {
        if (_toolsLoaded) return;
        await toolset.LoadAsync(session.Definition!);
        _toolsLoaded = true;
    }
}
