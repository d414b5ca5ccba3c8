using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>
/// Makes a run that goes on from a place in another one. It has that run's input, replies and results up to there; approvals of that run
/// count for nothing in it.
/// </summary>
/// <param name="Parent">The run to go on from, of the same tenant.</param>
/// <param name="AtSeq">The last record that is taken over; -1 is the newest.</param>
/// <param name="Live">
/// Whether tools that change something are called, each past policy and approval again. If not, they answer as the parent's records do,
/// and a call that the parent never made is not made.
/// </param>
/// <param name="Input">Input that follows what is taken over, at most 1 MiB; null for none.</param>
/// <param name="RequestId">The caller's request id; the run id follows from it, see <see cref="RunIds"/>.</param>
/// <param name="By">The caller.</param>
/// <param name="OnBehalfOf">The end user that the caller asserts; null: the parent's.</param>
/// <param name="TraceParent">W3C <c>traceparent</c> of the span that asks: the run's spans belong to its trace. Null for none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.fork")]
public sealed record ForkRun(
    [property: Id(0)] RunId Parent,
    [property: Id(1)] long AtSeq,
    [property: Id(2)] bool Live,
    [property: Id(3)] string? Input,
    [property: Id(4)] string RequestId,
    [property: Id(5)] Principal By,
    [property: Id(6)] string? OnBehalfOf = null,
    [property: Id(7)] string? TraceParent = null);
