using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Tools;

namespace AgentRuntime.Mcp;

/// <summary>
/// A server's answer to tools/call as an outcome. One text is the result as it is; structured content is the result as JSON; anything else,
/// images and resources among it, is <c>{"content":[...]}</c> with the blocks as they came, binary parts in base64.
/// </summary>
internal static class McpAnswer
{
    public const int MaxErrorChars = 4_096;

    public static ToolOutcome Read(JsonElement answer, ToolInvocation call, TenantSecrets secrets)
    {
        if (answer.ValueKind != JsonValueKind.Object) return Unusable(call);
        var blocks = answer.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : [];
        var texts = blocks.Where(IsText).Select(block => McpJson.TextOf(block, "text")!).ToArray();
        if (answer.TryGetProperty("isError", out var isError) && isError.ValueKind == JsonValueKind.True)
        {
            var said = secrets.Redact(string.Join('\n', texts));
            if (said.Length > MaxErrorChars) said = said[..MaxErrorChars] + "...";
            return new ToolOutcome.Failed(ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' failed: {(said.Length == 0 ? "it did not say why." : said)}", IsTransient: false, Sent: true);
        }

        var structured = answer.TryGetProperty("structuredContent", out var found) && found.ValueKind != JsonValueKind.Null ? found : (JsonElement?)null;
        if (structured is { } json && (call.Tool.Contract.OutputSchema is not null || texts.Length == blocks.Length))
            return new ToolOutcome.Succeeded(secrets.Redact(Plain(json)), IsJson: true);
        if (structured is null && blocks.Length == texts.Length && texts.Length <= 1)
            return new ToolOutcome.Succeeded(secrets.Redact(texts.FirstOrDefault() ?? ""), IsJson: false);
        var whole = new JsonObject { ["content"] = Node(content) };
        if (structured is { } also) whole["structuredContent"] = Node(also);
        return new ToolOutcome.Succeeded(secrets.Redact(whole.ToJsonString(McpJson.Plain)), IsJson: true);
    }

    private static bool IsText(JsonElement block) => McpJson.TextOf(block, "type") == "text" && McpJson.TextOf(block, "text") is not null;

    private static string Plain(JsonElement json) => JsonSerializer.Serialize(json, McpJson.Plain);

    private static JsonNode? Node(JsonElement json) => JsonNode.Parse(json.GetRawText());

    private static ToolOutcome.Failed Unusable(ToolInvocation call) =>
        new(ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' answered with something that is no result.", IsTransient: false, Sent: true);
}
