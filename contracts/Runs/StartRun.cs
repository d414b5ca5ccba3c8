using AgentRuntime.Common;
using AgentRuntime.Runs.Sessions;

namespace AgentRuntime.Runs;

/// <summary>Starts a run.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="AgentVersion">The version; 0 is the newest.</param>
/// <param name="Input">The first input, at most 1 MiB.</param>
/// <param name="RequestId">The caller's request id; the run id follows from it, see <see cref="RunIds"/>.</param>
/// <param name="By">The caller.</param>
/// <param name="OnBehalfOf">The end user that the caller asserts; null for none.</param>
/// <param name="Place">Where the run stands in a conversation; null for a run outside one. Set by the session's grain.</param>
/// <param name="History">What was said before in the conversation, oldest first; null for nothing. Set by the session's grain.</param>
/// <param name="TraceParent">W3C <c>traceparent</c> of the span that asks: the run's spans belong to its trace. Null for none.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.start")]
public sealed record StartRun(
    [property: Id(0)] string Agent,
    [property: Id(1)] int AgentVersion,
    [property: Id(2)] string Input,
    [property: Id(3)] string RequestId,
    [property: Id(4)] Principal By,
    [property: Id(5)] string? OnBehalfOf = null,
    [property: Id(6)] SessionPlace? Place = null,
    [property: Id(7)] IReadOnlyList<SessionMessage>? History = null,
    [property: Id(8)] string? TraceParent = null);
