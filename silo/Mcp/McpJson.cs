using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentRuntime.Mcp;

/// <summary>JSON as it travels between the protocol's client and the runtime.</summary>
internal static class McpJson
{
    /// <summary>Text that goes to a model or a journal, not into HTML: nothing is escaped that JSON does not ask for.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The node as an element: unlike a node it can be looked at whatever it holds, the same name twice included.</summary>
    /// <exception cref="BrokenTextException">It holds what is no text.</exception>
    public static JsonElement ToElement(JsonNode? node)
    {
        try
        {
            return JsonElement.Parse(node?.ToJsonString(Plain) ?? "null");
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            throw new BrokenTextException(fault);
        }
    }

    public static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
