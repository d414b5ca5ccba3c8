using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using AgentRuntime.Tools.Contracts;

namespace AgentRuntime.Mcp.Listing;

/// <summary>What a server's list says of one tool.</summary>
/// <param name="Name">Its name, verbatim.</param>
/// <param name="Description">Null when there is none.</param>
/// <param name="InputSchema">JSON text; null when there is none.</param>
/// <param name="OutputSchema">JSON text; null when there is none.</param>
/// <param name="NeedsTask">Whether the server runs it only as a task of the protocol (<c>execution.taskSupport</c> is <c>required</c>).</param>
/// <param name="Hash">SHA-256 of name, description and schemas in canonical form, 64 hex digits. Its form is final.</param>
internal sealed record McpEntry(string Name, string? Description, string? InputSchema, string? OutputSchema, bool NeedsTask, string Hash)
{
    private static ReadOnlySpan<byte> Domain => "agentruntime.mcp.entry/1\0"u8;

    public static McpEntry Read(JsonElement entry)
    {
        var name = McpJson.TextOf(entry, "name") ?? "";
        var needsTask = entry.TryGetProperty("execution", out var execution) && McpJson.TextOf(execution, "taskSupport") == "required";
        return new McpEntry(name, McpJson.TextOf(entry, "description"), Schema(entry, "inputSchema"), Schema(entry, "outputSchema"), needsTask, HashOf(entry));
    }

    /// <summary>The description as a contract has it, which is never without one.</summary>
    public string DescriptionFor(string server) => string.IsNullOrWhiteSpace(Description)
        ? $"Tool '{Name}' of MCP server '{server}'. The server does not describe it."
        : Description.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string? Schema(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var schema) && schema.ValueKind != JsonValueKind.Null ? schema.GetRawText() : null;

    private static string HashOf(JsonElement entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var part in new[] { "name", "description", "inputSchema", "outputSchema" })
            {
                if (!entry.TryGetProperty(part, out var value)) continue;
                json.WritePropertyName(part);
                CanonicalJson.Write(json, value);
            }

            json.WriteEndObject();
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Domain);
        hash.AppendData(buffer.WrittenSpan);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
