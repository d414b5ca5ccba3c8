using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Rules;

/// <summary>What rules may ask about a conversation, gathered in one pass over it.</summary>
internal sealed class ConversationFacts
{
    /// <summary>What <see cref="LastEvents"/> holds when a person or application has just given input.</summary>
    public const string UserEvent = "user";

    private const string CallIdPrefix = "call-";

    private readonly Dictionary<string, string> _toolOfCall = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement?> _parsed = new(StringComparer.Ordinal);
    private readonly List<string> _lastEvents = [];
    private int _newestCall;

    public ConversationFacts(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.User) AddInput(message.Text);
            else if (message.Role == ChatRole.Assistant) _lastEvents.Clear();
            foreach (var content in message.Contents) Add(content);
        }
    }

    public string FirstInput { get; private set; } = "";

    public string LastInput { get; private set; } = "";

    /// <summary>Characters of all texts, calls and results.</summary>
    public long Chars { get; private set; }

    /// <summary>What came after the last reply: tools that answered, or <see cref="UserEvent"/>.</summary>
    public IReadOnlyList<string> LastEvents => _lastEvents;

    public int CallsOf(string tool) => _calls.GetValueOrDefault(tool);

    /// <summary>An id that no call in the conversation has; it depends on nothing else.</summary>
    public string CallId(int index) => string.Create(CultureInfo.InvariantCulture, $"{CallIdPrefix}{_newestCall + 1 + index}");

    /// <summary>The last result of a tool as text, or null when there is none.</summary>
    public string? ResultOf(string tool) => _results.GetValueOrDefault(tool);

    /// <summary>A part of the last result of a tool, or null when there is no result, it is no JSON, or it has no such part.</summary>
    public JsonElement? PartOf(string tool, JsonPath path)
    {
        if (!_parsed.TryGetValue(tool, out var json)) _parsed[tool] = json = ResultOf(tool) is { } text ? Parse(text) : null;
        try
        {
            return json is { } root ? path.Find(root) : null;
        }
        catch (InvalidOperationException)
        {
            // A name in it is half a surrogate pair.
            return null;
        }
    }

    public static string TextOf(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return json.GetRawText();
        }
    }

    private void AddInput(string text)
    {
        if (FirstInput.Length == 0) FirstInput = text;
        LastInput = text;
        _lastEvents.Add(UserEvent);
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Chars += text.Text.Length;
                break;
            case FunctionCallContent call:
                _toolOfCall[call.CallId] = call.Name;
                _calls[call.Name] = CallsOf(call.Name) + 1;
                Chars += call.Name.Length;
                foreach (var argument in call.Arguments ?? new Dictionary<string, object?>())
                    Chars += argument.Key.Length + (argument.Value is JsonElement json ? json.GetRawText().Length : argument.Value?.ToString()?.Length ?? 0);
                if (call.CallId.StartsWith(CallIdPrefix, StringComparison.Ordinal)
                    && int.TryParse(call.CallId.AsSpan(CallIdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    _newestCall = Math.Max(_newestCall, number);
                break;
            case FunctionResultContent result when _toolOfCall.TryGetValue(result.CallId, out var tool):
                var answer = result.Result switch { JsonElement json => TextOf(json), string text => text, var other => JsonSerializer.Serialize(other) };
                Chars += answer.Length;
                _results[tool] = answer;
                _lastEvents.Add(tool);
                break;
        }
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
