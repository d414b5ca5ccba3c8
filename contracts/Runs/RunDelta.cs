namespace AgentRuntime.Runs;

/// <summary>A piece of a model's reply before the reply is recorded. Void once the step's record is there, or the attempt failed or was lost.</summary>
/// <param name="Step">The step that the reply would begin.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Offset">Characters of the attempt's text before this piece.</param>
/// <param name="Text">The piece.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.run.delta")]
public sealed record RunDelta([property: Id(0)] int Step, [property: Id(1)] int Attempt, [property: Id(2)] int Offset, [property: Id(3)] string Text);
