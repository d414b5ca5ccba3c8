using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>What a user said since the last answer, and in which conversation.</summary>
/// <param name="Conversation">The session that the caller named; null begins one.</param>
/// <param name="Text">What was said; null for nothing.</param>
/// <param name="RequestId">Makes saying it again the same as saying it once; null for no such promise.</param>
/// <param name="Read">How far the turn was read that goes on; null for unknown.</param>
internal sealed record UserTurn(string? Conversation, string? Text, string? RequestId = null, ReadMark? Read = null)
{
    /// <exception cref="NotSupportedException">The caller asks for what the agent's definition decides, or sends what no run takes.</exception>
    /// <exception cref="InvalidOperationException">The caller sends a conversation without saying which session holds it.</exception>
    public static UserTurn Of(IEnumerable<ChatMessage> messages, ChatOptions? options, string agent)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var said = messages.ToList();
        RequireNothingThatTheAgentDecides(said, options, agent);
        var from = said.FindLastIndex(message => message.Role != ChatRole.User) + 1;
        var conversation = options?.ConversationId is { Length: > 0 } named ? named : null;
        if (conversation is null && from > 0)
        {
            throw new InvalidOperationException(
                $"agent {agent}: its session holds the conversation. Give ChatOptions.ConversationId of the last response, and send only what is new.");
        }

        var texts = said.Skip(from).SelectMany(message => message.Contents).Select(content => TextOf(content, agent)).Where(text => text.Length > 0).ToList();
        return new UserTurn(conversation, texts.Count == 0 ? null : string.Join("\n\n", texts), RequestIdOf(options, agent), ReadMark.From(options));
    }

    private static void RequireNothingThatTheAgentDecides(List<ChatMessage> said, ChatOptions? options, string agent)
    {
        var asked = options switch
        {
            { Tools.Count: > 0 } => "ChatOptions.Tools",
            { Instructions.Length: > 0 } => "ChatOptions.Instructions",
            { ResponseFormat: ChatResponseFormatJson } => "ChatOptions.ResponseFormat",
            _ when said.Any(message => message.Role == ChatRole.System) => "a system message",
            _ => null,
        };
        if (asked is not null) throw new NotSupportedException($"agent {agent}: {asked} cannot be given; the agent's definition says what it is told, may call and answers.");
    }

    private static string? RequestIdOf(ChatOptions? options, string agent)
    {
        if (options?.AdditionalProperties?.TryGetValue(AgentChatOptions.RequestIdKey, out var given) is not true) return null;
        return given as string ?? throw new ArgumentException($"agent {agent}: ChatOptions.AdditionalProperties[\"{AgentChatOptions.RequestIdKey}\"] must be a string.", nameof(options));
    }

    private static string TextOf(AIContent content, string agent) => content switch
    {
        TextContent text => text.Text,
        _ => throw new NotSupportedException($"agent {agent}: a run takes text, and no {content.GetType().Name}."),
    };
}
