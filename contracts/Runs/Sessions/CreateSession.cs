using AgentRuntime.Common;

namespace AgentRuntime.Runs.Sessions;

/// <summary>Makes a session.</summary>
/// <param name="Agent">The agent that the conversation is with.</param>
/// <param name="AgentVersion">The version of all its runs; 0: the newest at each run's start.</param>
/// <param name="By">The caller.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.session.create")]
public sealed record CreateSession([property: Id(0)] string Agent, [property: Id(1)] int AgentVersion, [property: Id(2)] Principal By);
