using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Rules;

/// <summary>
/// A small deterministic model for work without a network. It is no language model: it follows the first rule that fits the
/// conversation, and asks for a person when none does. The same conversation always gives the same reply, call ids included.
/// Token counts are characters divided by four, rounded up: a stand-in that limits can be tried with.
/// </summary>
internal sealed class RulesChatClient(RuleSet rules) : IChatClient
{
    private const int CharsPerToken = 4;

    private readonly ChatClientMetadata _metadata = new("rules", defaultModelId: rules.Name);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Reply(new ConversationFacts(messages)));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private ChatResponse Reply(ConversationFacts facts)
    {
        foreach (var rule in rules.Rules)
        {
            if (rule.Match(facts) is not { } captures) continue;
            return rule.Then switch
            {
                RuleAction.Call call => ReplyWithCalls(rule, call, facts, captures),
                RuleAction.Answer answer => Make(facts, [new TextContent(answer.Text.Fill(captures))], ChatFinishReason.Stop),
                RuleAction.Handover handover => Make(facts, [new TextContent(handover.Text.Fill(captures))], FinishReasons.Handover),
                _ => throw new InvalidOperationException($"Rule '{rule.Name}' has an action of an unknown kind."),
            };
        }

        var last = facts.LastEvents.Count == 0 ? "the last reply" : string.Join(", ", facts.LastEvents);
        return Make(facts, [new TextContent($"No rule of {rules.Name} matched after {last}. A person has to go on.")], FinishReasons.Handover);
    }

    private ChatResponse ReplyWithCalls(Rule rule, RuleAction.Call action, ConversationFacts facts, Captures captures)
    {
        var contents = new List<AIContent>(action.Calls.Count);
        foreach (var call in action.Calls)
        {
            var arguments = new Dictionary<string, object?>(call.Arguments.Count);
            foreach (var (name, template) in call.Arguments)
            {
                if (Fill(template, captures) is not { } value)
                    return Make(
                        facts,
                        [new TextContent($"Rule '{rule.Name}' of {rules.Name} matched, but argument '{name}' of {call.Tool} is no number. A person has to go on.")],
                        FinishReasons.Handover);
                arguments[name] = value;
            }

            contents.Add(new FunctionCallContent(facts.CallId(contents.Count), call.Tool, arguments));
        }

        return Make(facts, contents, ChatFinishReason.ToolCalls);
    }

    private static JsonElement? Fill(ArgumentTemplate template, Captures captures)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
            if (!template.TryWrite(json, captures))
            {
                json.Reset();
                return null;
            }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private ChatResponse Make(ConversationFacts facts, List<AIContent> contents, ChatFinishReason reason)
    {
        var input = Tokens(facts.Chars);
        var output = Tokens(contents.Sum(SizeOf));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ModelId = rules.Name,
            FinishReason = reason,
            Usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output },
        };
    }

    private static long Tokens(long chars) => (chars + CharsPerToken - 1) / CharsPerToken;

    private static long SizeOf(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        FunctionCallContent call => call.Name.Length + call.Arguments!.Sum(argument => argument.Key.Length + ((JsonElement)argument.Value!).GetRawText().Length),
        _ => 0,
    };
}
