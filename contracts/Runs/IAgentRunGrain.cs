using AgentRuntime.Approvals;
using AgentRuntime.Common;
using Orleans.Concurrency;

namespace AgentRuntime.Runs;

/// <summary>
/// One run of an agent. Every operation is durable before it answers, and interleaves with the run's own work. A caller who cancels while its
/// operation waits, or while it looks things up, leaves no trace: nothing is written. From its one write on it is carried out, though nobody hears of
/// it; the same request again tells what became of it.
/// Key: <see cref="AgentRunGrainKey"/>.
/// </summary>
[Alias("agentruntime.run")]
public interface IAgentRunGrain : IGrainWithStringKey
{
    /// <summary>Starts the run, or returns it if the same request started it before.</summary>
    /// <exception cref="AgentRuntimeException">
    /// NotFound (agent), AlreadyExists (same request id, other body), LimitExceeded (open runs), FailedPrecondition (tenant suspended),
    /// PolicyDenied (a tool or model is not cleared, both named), InvalidArgument.
    /// </exception>
    [AlwaysInterleave, Alias("start")]
    Task<RunView> StartAsync(StartRun command, CancellationToken cancellation = default);

    /// <summary>Makes this run from a part of another one, or returns it if the same request made it before.</summary>
    /// <exception cref="AgentRuntimeException">
    /// As <see cref="StartAsync"/>; NotFound also for the parent, InvalidArgument for a seq that the parent does not have, FailedPrecondition
    /// when a record to take over was erased, LimitExceeded when there is too much to take over.
    /// </exception>
    [AlwaysInterleave, Alias("fork")]
    Task<RunView> ForkAsync(ForkRun command, CancellationToken cancellation = default);

    /// <summary>Gives input to a run that waits or works.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, or FailedPrecondition when the run is terminal.</exception>
    [AlwaysInterleave, Alias("send")]
    Task<RunView> SendAsync(SendInput command, CancellationToken cancellation = default);

    /// <summary>The run, or null when it does not exist.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<RunView?> GetAsync(CancellationToken cancellation = default);

    /// <summary>Pauses, resumes, cancels or kills the run.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, or FailedPrecondition when the run is terminal in another way.</exception>
    [AlwaysInterleave, Alias("control")]
    Task<RunView> ControlAsync(ControlRun command, CancellationToken cancellation = default);

    /// <summary>
    /// Decides an approval. The journal picks the one winner; a later decider is told who won. The same decision again, by the same person with the
    /// same reason and result, returns the approval as it is, unless the run has gone on for thousands of records since.
    /// </summary>
    /// <exception cref="AgentRuntimeException">
    /// NotFound, PermissionDenied naming the rule, FailedPrecondition naming who decided already or that it expired, InvalidArgument.
    /// </exception>
    [AlwaysInterleave, Alias("decide")]
    Task<ApprovalView> DecideAsync(DecideApproval command, CancellationToken cancellation = default);

    /// <summary>Looks whether there is something to do: a timer is due, or the run's owner is gone. Harmless at any time.</summary>
    [AlwaysInterleave, Alias("wake")]
    Task WakeAsync();
}
