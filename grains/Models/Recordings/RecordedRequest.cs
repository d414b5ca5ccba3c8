using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Recordings;

/// <summary>What a model was asked: messages, tools and options. Which model and which endpoint answers is not part of it.</summary>
internal sealed record RecordedRequest(IReadOnlyList<RequestPart> Messages, RequestPart Tools, string Options)
{
    /// <summary>SHA-256 over all parts, 64 hex digits.</summary>
    public string Hash { get; } = HashOf(Messages.Select(static part => part.Id), Tools.Id, Options);

    public static RecordedRequest Of(IEnumerable<ChatMessage> messages, ChatOptions? options) => new(
        [.. messages.Select(static message => RequestPart.Of(RecordingJson.Write(message, WriteMessage)))],
        RequestPart.Of(RecordingJson.Write(options?.Tools ?? [], WriteTools)),
        Encoding.UTF8.GetString(RecordingJson.Write(options ?? new ChatOptions(), WriteOptions)));

    public static string HashOf(IEnumerable<string> messages, string tools, string options)
    {
        var text = $"agentruntime.recording/1\n{string.Join('\n', messages)}\n\n{tools}\n{options}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        RecordingJson.WriteContents(json, message.Contents);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, IList<AITool> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            if (tool is AIFunctionDeclaration function)
            {
                json.WritePropertyName("parameters");
                function.JsonSchema.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatOptions options)
    {
        json.WriteStartObject();
        if (options.MaxOutputTokens is { } tokens) json.WriteNumber("maxOutputTokens", tokens);
        if (options.Temperature is { } temperature) json.WriteNumber("temperature", temperature);
        if (options.TopP is { } topP) json.WriteNumber("topP", topP);
        if (options.TopK is { } topK) json.WriteNumber("topK", topK);
        if (options.Seed is { } seed) json.WriteNumber("seed", seed);
        if (options.ToolMode is { } mode) json.WriteString("toolMode", mode.ToString());
        if (options.ResponseFormat is { } format) json.WriteString("responseFormat", format.GetType().Name);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop");
            foreach (var stop in stops) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
