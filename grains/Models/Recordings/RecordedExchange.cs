using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Recordings;

/// <summary>One call of a model: the parts of its request by id, each piece of the answer, and how it failed if it did.</summary>
internal sealed record RecordedExchange(
    IReadOnlyList<string> Messages, string Tools, string Options, IReadOnlyList<ChatResponseUpdate> Updates, RecordedFailure? Failure)
{
    public string Hash => RecordedRequest.HashOf(Messages, Tools, Options);

    public static RecordedExchange Read(JsonElement exchange) => new(
        [.. exchange.GetProperty("messages").EnumerateArray().Select(static id => id.GetString()!)],
        exchange.GetProperty("tools").GetString()!,
        exchange.GetProperty("options").GetRawText(),
        [.. exchange.GetProperty("updates").EnumerateArray().Select(ReadUpdate)],
        exchange.TryGetProperty("failure", out var failure) ? RecordedFailure.Read(failure) : null);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("exchange");
        json.WriteStartArray("messages");
        foreach (var id in Messages) json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteString("tools", Tools);
        json.WritePropertyName("options");
        json.WriteRawValue(Options);
        json.WriteStartArray("updates");
        foreach (var update in Updates) WriteUpdate(json, update);
        json.WriteEndArray();
        Failure?.Write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteUpdate(Utf8JsonWriter json, ChatResponseUpdate update)
    {
        json.WriteStartObject();
        RecordingJson.WriteContents(json, update.Contents);
        if (update.FinishReason is { } reason) json.WriteString("finish", reason.Value);
        json.WriteEndObject();
    }

    private static ChatResponseUpdate ReadUpdate(JsonElement update) => new(
        ChatRole.Assistant,
        [.. update.GetProperty("contents").EnumerateArray().Select(RecordingJson.ReadContent).OfType<AIContent>()])
    {
        FinishReason = update.TryGetProperty("finish", out var reason) ? new ChatFinishReason(reason.GetString()!) : null,
    };
}
