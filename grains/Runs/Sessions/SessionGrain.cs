using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Sessions;

internal sealed class SessionGrain(
    [PersistentState("session")] IPersistentState<SessionState> state, AgentDirectory agents, TimeProvider clock) : Grain, ISessionGrain
{
    private TenantId _tenant;
    private SessionId _session;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _session) = SessionGrainKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<SessionView> CreateAsync(CreateSession command, CancellationToken cancellation)
    {
        RequireTenant(command.By);
        if (state.State.Agent.Length > 0)
        {
            return state.State.Agent == command.Agent && state.State.AgentVersion == command.AgentVersion
                ? View()
                : throw new AgentRuntimeException(
                    ErrorCode.AlreadyExists, $"session {_session}: exists with agent {state.State.Agent}. Use another session id.");
        }

        await agents.RequireStartableAsync(_tenant, AgentId.Parse(command.Agent), command.AgentVersion, cancellation);
        cancellation.ThrowIfCancellationRequested();
        await state.CommitAsync(
            new SessionState { Agent = command.Agent, AgentVersion = command.AgentVersion, CreatedBy = command.By.Identity, CreatedAt = clock.GetUtcNow() },
            this);
        return View();
    }

    public Task<SessionView?> GetAsync(CancellationToken cancellation) => Task.FromResult(state.State.Agent.Length == 0 ? null : View());

    public async Task<RunView> StartAsync(StartRun command, CancellationToken cancellation)
    {
        RequireTenant(command.By);
        RequireMine(command);
        var before = state.State;
        var run = RunIds.FromRequest(_tenant, command.RequestId);
        var start = command with { AgentVersion = before.AgentVersion, Place = new SessionPlace(_session.Value, 0, null) };
        // The run itself knows whether this very request started it, with this body.
        if (await Run(run.Value).GetAsync(cancellation) is not null) return await Run(run.Value).StartAsync(start, cancellation);
        var (previous, spoken) = await FindPreviousAsync(run.Value, cancellation);
        if (spoken is not null) await RequireAsConfidentialAsync(spoken, cancellation);
        var number = Count(previous) + 1;
        cancellation.ThrowIfCancellationRequested();
        await state.CommitAsync(before with { Runs = number, Newest = run.Value, BeforeNewest = previous }, this);
        try
        {
            // The session counts the run by now: it is started, whoever has gone since.
            return await Run(run.Value).StartAsync(start with
            {
                Place = new SessionPlace(_session.Value, number, previous),
                History = spoken?.Messages,
            }, CancellationToken.None);
        }
        catch (AgentRuntimeException refusal) when (!refusal.IsTransient)
        {
            await state.CommitAsync(before, this);
            throw;
        }
    }

    /// <summary>The newest run that exists, with what was said up to it.</summary>
    private async Task<(string? Run, SpokenSoFar? Spoken)> FindPreviousAsync(string starting, CancellationToken cancellation)
    {
        foreach (var candidate in new[] { state.State.Newest, state.State.BeforeNewest })
        {
            if (candidate is null || candidate == starting) continue;
            if (await Spoken(candidate).GetSpokenAsync(cancellation) is not { } spoken) continue;
            return spoken.Status.IsTerminal()
                ? (candidate, spoken)
                : throw new AgentRuntimeException(
                    ErrorCode.FailedPrecondition, $"session {_session}: run {candidate} is {spoken.Status}. Send it input, or wait for its end, or cancel it.");
        }

        return (null, null);
    }

    // The newest version is shown what was said before, and so is its model.
    private async Task RequireAsConfidentialAsync(SpokenSoFar spoken, CancellationToken cancellation)
    {
        var version = await agents.RequireStartableAsync(_tenant, AgentId.Parse(state.State.Agent), state.State.AgentVersion, cancellation);
        if (spoken.DataClasses.FirstOrDefault(dataClass => !version.Definition.DataClasses.Contains(dataClass)) is not { } missing) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"session {_session}: what was said in it has data class {missing}, which version {version.Version} of agent {state.State.Agent} has not. Create another session.");
    }

    // A newest run that does not exist was counted and never came to be.
    private long Count(string? previous) => previous is null ? 0 : previous == state.State.Newest ? state.State.Runs : state.State.Runs - 1;

    private void RequireMine(StartRun command)
    {
        if (state.State.Agent.Length == 0)
            throw new AgentRuntimeException(ErrorCode.NotFound, $"session {_session}: not found in this tenant; list to see what there is.");
        if (command.Agent != state.State.Agent) throw new InvalidInputException("agent", $"must be {state.State.Agent}, the agent of session {_session}.");
        if (command.AgentVersion != 0 && command.AgentVersion != state.State.AgentVersion)
            throw new InvalidInputException("agent_version", $"must be absent: session {_session} {(state.State.AgentVersion == 0 ? "follows the newest" : "has settled it")}.");
    }

    private void RequireTenant(Principal by)
    {
        if (by.Tenant != _tenant) throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"session {_session}: the caller does not speak for its tenant.");
    }

    private IAgentRunGrain Run(string run) => GrainFactory.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(_tenant, RunId.Parse(run)));

    private ISpokenRunGrain Spoken(string run) => GrainFactory.GetGrain<ISpokenRunGrain>(AgentRunGrainKey.For(_tenant, RunId.Parse(run)));

    private SessionView View() => new(
        _session,
        state.State.Agent,
        state.State.AgentVersion,
        state.State.CreatedBy,
        state.State.CreatedAt,
        state.State.Runs,
        state.State.Newest is { } newest ? RunId.Parse(newest) : null,
        state.State.BeforeNewest is { } before ? RunId.Parse(before) : null);
}
