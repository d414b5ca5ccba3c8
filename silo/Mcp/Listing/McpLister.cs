using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp.Listing;

/// <summary>Reads a server's whole list of tools, page by page and within bounds, each entry as the server wrote it.</summary>
internal static class McpLister
{
    public const int MaxTools = 1_000;
    public const int MaxPages = 100;

    /// <exception cref="AgentRuntimeException">LimitExceeded: the list is too long or has no end. ToolFailed: it is no list.</exception>
    public static async Task<McpToolList> ReadAsync(McpClient client, string server, CancellationToken cancellation)
    {
        var entries = new List<McpEntry>();
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var request = new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor } };
            var result = McpJson.ToElement((await client.SendRequestAsync(request, cancellation)).Result);
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
                throw new AgentRuntimeException(ErrorCode.ToolFailed, $"MCP server '{server}' answers tools/list with something that is no list.");
            entries.AddRange(tools.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).Select(McpEntry.Read));
            if (entries.Count > MaxTools) break;
            cursor = McpJson.TextOf(result, "nextCursor");
            if (string.IsNullOrEmpty(cursor)) return new McpToolList(entries);
        }

        throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"MCP server '{server}' lists more than {MaxTools} tools or {MaxPages} pages.");
    }
}
