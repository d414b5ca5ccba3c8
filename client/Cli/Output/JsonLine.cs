using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace AgentRuntime.Cli.Output;

/// <summary>A message as one line of JSON. Everything beyond printable ASCII is escaped, so that it is safe on a terminal too.</summary>
internal static class JsonLine
{
    private const string EmbeddedSuffix = "Json";
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public static string Of(IMessage message) => Of(NodeOf(message));

    public static string Of(JsonNode json) => json.ToJsonString();

    /// <summary>A message as a value.</summary>
    public static JsonObject NodeOf(IMessage message)
    {
        var json = JsonNode.Parse(Formatter.Format(message))!.AsObject();
        foreach (var (key, value) in json.ToArray())
        {
            // Fields such as payload_json hold JSON as text; a program wants the value.
            if (key.EndsWith(EmbeddedSuffix, StringComparison.Ordinal) && Parse(value) is { } embedded)
            {
                json.Remove(key);
                json[key[..^EmbeddedSuffix.Length]] = embedded;
            }
        }

        return json;
    }

    private static JsonNode? Parse(JsonNode? text)
    {
        try
        {
            return text is JsonValue value && value.TryGetValue(out string? content) && content.Length > 0 ? JsonNode.Parse(content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
