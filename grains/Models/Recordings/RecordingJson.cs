using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models.Recordings;

/// <summary>How messages and answers are spelt in a recording. One spelling for each, so that equal requests are equal bytes.</summary>
internal static class RecordingJson
{
    // The file is never embedded in HTML, and people read it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json, value);
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteContents(Utf8JsonWriter json, IEnumerable<AIContent> contents)
    {
        json.WriteStartArray("contents");
        foreach (var content in contents)
        {
            json.WriteStartObject();
            WriteContent(json, content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The content that a recording holds; null for a kind that says nothing to a run.</summary>
    public static AIContent? ReadContent(JsonElement content)
    {
        if (content.TryGetProperty("text", out var text)) return new TextContent(text.GetString());
        if (content.TryGetProperty("call", out var call)) return ReadCall(call);
        if (!content.TryGetProperty("usage", out var usage)) return null;
        return new UsageContent(new UsageDetails { InputTokenCount = Number(usage, "input"), OutputTokenCount = Number(usage, "output") });
    }

    private static void WriteContent(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                json.WriteString("text", text.Text);
                break;
            case FunctionCallContent call:
                json.WriteStartObject("call");
                json.WriteString("id", call.CallId);
                json.WriteString("name", call.Name);
                if (call.Arguments is { } arguments) WriteArguments(json, arguments);
                if (call.Exception is { } malformed) json.WriteString("malformed", malformed.Message);
                json.WriteEndObject();
                break;
            case FunctionResultContent result:
                json.WriteStartObject("result");
                json.WriteString("id", result.CallId);
                json.WritePropertyName("value");
                WriteValue(json, result.Result);
                json.WriteEndObject();
                break;
            case UsageContent { Details: var usage }:
                json.WriteStartObject("usage");
                if (usage.InputTokenCount is { } input) json.WriteNumber("input", input);
                if (usage.OutputTokenCount is { } output) json.WriteNumber("output", output);
                json.WriteEndObject();
                break;
            default:
                json.WriteString("other", content.GetType().Name);
                break;
        }
    }

    private static void WriteArguments(Utf8JsonWriter json, IDictionary<string, object?> arguments)
    {
        json.WriteStartObject("arguments");
        foreach (var (name, value) in arguments)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        if (value is null) json.WriteNullValue();
        else if (value is JsonElement { ValueKind: not JsonValueKind.Undefined } element) element.WriteTo(json);
        else JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
    }

    private static FunctionCallContent ReadCall(JsonElement call)
    {
        Dictionary<string, object?>? arguments = null;
        if (call.TryGetProperty("arguments", out var recorded))
            arguments = recorded.EnumerateObject().ToDictionary(static member => member.Name, static member => (object?)member.Value.Clone());
        return new FunctionCallContent(call.GetProperty("id").GetString()!, call.GetProperty("name").GetString()!, arguments)
        {
            Exception = call.TryGetProperty("malformed", out var message) ? new JsonException(message.GetString()) : null,
        };
    }

    private static long? Number(JsonElement parent, string name) => parent.TryGetProperty(name, out var number) ? number.GetInt64() : null;
}
