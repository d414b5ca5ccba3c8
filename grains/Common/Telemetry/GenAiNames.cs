namespace AgentRuntime.Common.Telemetry;

/// <summary>
/// Names of the semantic conventions for generative AI of OpenTelemetry, in their state of development of version 1.37. They still change: nobody
/// else spells them. Attributes with content (messages, instructions, arguments, results) are left out on purpose.
/// </summary>
internal static class GenAiNames
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string AgentName = "gen_ai.agent.name";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string ToolType = "gen_ai.tool.type";

    public const string Chat = "chat";
    public const string ExecuteTool = "execute_tool";
    public const string InvokeAgent = "invoke_agent";
    public const string Input = "input";
    public const string Output = "output";
    public const string Function = "function";
    public const string Extension = "extension";
    public const string Stop = "stop";
    public const string ToolCalls = "tool_calls";

    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string OperationDuration = "gen_ai.client.operation.duration";

    /// <summary>Buckets that the conventions give for <see cref="TokenUsage"/>.</summary>
    public static readonly long[] TokenBuckets =
        [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    /// <summary>Buckets in seconds that the conventions give for <see cref="OperationDuration"/>.</summary>
    public static readonly double[] DurationBuckets =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
}
