namespace AgentRuntime.Agents;

/// <summary>
/// How much of the conversation the model sees. Instructions and the first input are always in it, and so is the newest turn. Tokens are
/// counted as OpenAI's encoding o200k_base does; for models with another encoding that is an estimate, so leave room.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentruntime.agent.context")]
public sealed record ContextWindow
{
    /// <summary>Last turns shown (a turn: one input, or one model reply with its tool results). 1 to 200; default 20.</summary>
    [Id(0)]
    public int LastTurns { get; init; } = 20;

    /// <summary>Characters shown of one message before it is cut with a mark. 256 to 1,000,000; default 32,768.</summary>
    [Id(1)]
    public int MaxMessageChars { get; init; } = 32_768;

    /// <summary>
    /// Tokens shown, declarations of tools not counted. 1,024 to 10,000,000, and at least one for each character of the instructions; default
    /// 0: no bound but the others. One message, and the results of one step together, are cut at an eighth of it. Turns that do not fit leave
    /// the window, the oldest first.
    /// </summary>
    [Id(2)]
    public int MaxTokens { get; init; }

    /// <summary>Inputs that stay when their turns leave the window, the newest of them, up to an eighth of the tokens. 0 to 50; default 0.</summary>
    [Id(3)]
    public int PinnedInputs { get; init; }

    /// <summary>
    /// Tokens of a summary that takes the place of turns which leave the window, 64 to 8,192 and at most an eighth of
    /// <see cref="MaxTokens"/>; default 0: they leave without a trace. The agent's model writes it, which is one more call each time that
    /// the older half of the window is full; its answer is a record.
    /// </summary>
    [Id(4)]
    public int SummaryTokens { get; init; }
}
