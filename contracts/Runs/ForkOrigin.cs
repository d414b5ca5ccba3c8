namespace AgentRuntime.Runs;

/// <summary>Where a run was forked.</summary>
/// <param name="Run">The run that it goes on from.</param>
/// <param name="Seq">The last record that was taken over.</param>
/// <param name="Live">Whether the fork calls tools that change something.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.fork-origin")]
public sealed record ForkOrigin([property: Id(0)] RunId Run, [property: Id(1)] long Seq, [property: Id(2)] bool Live);
