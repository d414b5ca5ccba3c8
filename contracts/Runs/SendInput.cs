using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>Gives input to a run.</summary>
/// <param name="Text">The input, at most 1 MiB.</param>
/// <param name="RequestId">The caller's request id; the same one again adds nothing.</param>
/// <param name="By">The caller.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.send")]
public sealed record SendInput([property: Id(0)] string Text, [property: Id(1)] string RequestId, [property: Id(2)] Principal By);
