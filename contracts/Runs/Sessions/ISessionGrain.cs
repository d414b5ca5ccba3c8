using AgentRuntime.Common;

namespace AgentRuntime.Runs.Sessions;

/// <summary>
/// One conversation with an agent: its runs, one after the other. Each run begins with what was said before it. Key:
/// <see cref="SessionGrainKey"/>. A read stops when its caller cancels. A change that has not begun to write by then never does; one that has is
/// written whole, though nobody hears of it.
/// </summary>
[Alias("agentruntime.session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Makes the session, or returns it when it was made with the same agent and version before.</summary>
    /// <exception cref="AgentRuntimeException">NotFound (agent), AlreadyExists (with another agent).</exception>
    [Alias("create")]
    Task<SessionView> CreateAsync(CreateSession command, CancellationToken cancellation = default);

    /// <summary>The session, or null when it does not exist.</summary>
    [Alias("get")]
    Task<SessionView?> GetAsync(CancellationToken cancellation = default);

    /// <summary>Starts the next run of the conversation, or returns it if the same request started it before.</summary>
    /// <exception cref="AgentRuntimeException">
    /// As <see cref="IAgentRunGrain.StartAsync"/>; NotFound also for the session, FailedPrecondition while its newest run is open,
    /// InvalidArgument when the agent is not the session's.
    /// </exception>
    [Alias("start")]
    Task<RunView> StartAsync(StartRun command, CancellationToken cancellation = default);
}
