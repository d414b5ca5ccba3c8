namespace AgentRuntime.Client.Chat;

/// <summary>What a model said, as it is recorded.</summary>
internal sealed record RunReply(long Seq, int Step, int Attempt, string Text, string Model);
