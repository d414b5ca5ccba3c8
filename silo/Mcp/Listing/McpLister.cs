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

    /// <summary>Bytes of all entries together.</summary>
    public const int MaxBytes = 8 * 1_024 * 1_024;

    /// <exception cref="AgentRuntimeException">LimitExceeded: the list is too long or has no end. ToolFailed: it is no list.</exception>
    public static async Task<McpToolList> ReadAsync(McpClient client, string server, CancellationToken cancellation)
    {
        var entries = new List<McpEntry>();
        var room = MaxBytes;
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var request = new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor } };
            if ((await client.SendRequestAsync(request, cancellation)).Result is not JsonObject result || result["tools"] is not JsonArray tools)
                throw new AgentRuntimeException(ErrorCode.ToolFailed, $"MCP server '{server}' answers tools/list with something that is no list.");
            foreach (var tool in tools.OfType<JsonObject>())
            {
                entries.Add(McpEntry.Read(tool, out var bytes));
                room -= bytes;
                if (room < 0 || entries.Count > MaxTools) throw TooLong(server);
            }

            cursor = CursorOf(result);
            if (string.IsNullOrEmpty(cursor)) return new McpToolList(entries);
        }

        throw TooLong(server);
    }

    private static string? CursorOf(JsonObject result) =>
        result["nextCursor"] is { } next && McpJson.ToElement(next) is { ValueKind: JsonValueKind.String } cursor ? cursor.GetString() : null;

    private static AgentRuntimeException TooLong(string server) =>
        new(ErrorCode.LimitExceeded, $"MCP server '{server}' lists more than {MaxTools} tools, {MaxPages} pages or {MaxBytes} bytes.");
}
