namespace AgentRuntime.Agents;

/// <summary>How much of the conversation the model sees. Instructions and the first input are always in it.</summary>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.context")]
public sealed record ContextWindow
{
    /// <summary>Last turns shown (a turn: one input, or one model reply with its tool results). 1 to 200; default 20.</summary>
    [Id(0)]
    public int LastTurns { get; init; } = 20;

    /// <summary>Characters shown of one message before it is cut with a mark. 256 to 1,000,000; default 32,768.</summary>
    [Id(1)]
    public int MaxMessageChars { get; init; } = 32_768;
}
