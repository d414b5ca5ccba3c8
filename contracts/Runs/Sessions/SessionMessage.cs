namespace AgentRuntime.Runs.Sessions;

/// <summary>Something that was said in a conversation.</summary>
/// <param name="Speaker">Who said it.</param>
/// <param name="Text">What, perhaps cut with a mark.</param>
[GenerateSerializer, Immutable, Alias("agentruntime.session.message")]
public sealed record SessionMessage([property: Id(0)] Speaker Speaker, [property: Id(1)] string Text);
