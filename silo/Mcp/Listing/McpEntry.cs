using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Mcp.Listing;

/// <summary>What a server's list says of one tool.</summary>
/// <param name="Name">Its name, verbatim.</param>
/// <param name="Description">Null when there is none.</param>
/// <param name="InputSchema">JSON text; null when there is none.</param>
/// <param name="OutputSchema">JSON text; null when there is none.</param>
/// <param name="NeedsTask">Whether the server runs it only as a task of the protocol (<c>execution.taskSupport</c> is <c>required</c>).</param>
/// <param name="Hash">
/// SHA-256 of name, description and schemas in canonical form, 64 hex digits. Its form is final. Empty for what has no canonical form.
/// </param>
internal sealed record McpEntry(string Name, string? Description, string? InputSchema, string? OutputSchema, bool NeedsTask, string Hash)
{
    private static ReadOnlySpan<byte> Domain => "agentruntime.mcp.entry/1\0"u8;

    /// <summary>Why it cannot be a tool, as far as that shows before a contract is made of it. Nothing else of such an entry is kept but its name.</summary>
    public McpRefusal? Refusal { get; private init; }

    /// <summary>Reads an entry and says how large it is.</summary>
    public static McpEntry Read(JsonObject tool, out int bytes)
    {
        bytes = 0;
        try
        {
            var entry = McpJson.ToElement(tool);
            bytes = JsonMarshal.GetRawUtf8Value(entry).Length;
            return Read(entry);
        }
        catch (BrokenTextException broken)
        {
            return Refused(NameOf(tool), needsTask: false, hash: "", new McpRefusal("tool", $"cannot be read: {broken.Message}."));
        }
    }

    public static McpEntry Read(JsonElement entry)
    {
        var name = McpJson.TextOf(entry, "name") ?? "";
        var needsTask = entry.TryGetProperty("execution", out var execution) && McpJson.TextOf(execution, "taskSupport") == "required";
        var read = new McpEntry(name, McpJson.TextOf(entry, "description"), Schema(entry, "inputSchema"), Schema(entry, "outputSchema"), needsTask, HashOf(entry));
        return read.TooLarge() is { } refusal ? Refused(name, needsTask, read.Hash, refusal) : read;
    }

    /// <summary>The description as a contract has it, which is never without one.</summary>
    public string DescriptionFor(string server) => string.IsNullOrWhiteSpace(Description)
        ? $"Tool '{Name}' of MCP server '{server}'. The server does not describe it."
        : Description.Replace("\r\n", "\n", StringComparison.Ordinal);

    // What no contract can hold is not kept: a list may have a thousand of them.
    private McpRefusal? TooLarge()
    {
        if (Encoding.UTF8.GetByteCount(DescriptionFor("")) > ContractRules.MaxDescriptionBytes)
            return new McpRefusal("description", $"has more than {ContractRules.MaxDescriptionBytes} bytes.");
        if (InputSchema?.Length > SchemaLimits.MaxSchemaChars)
            return new McpRefusal("inputSchema", $"is longer than {SchemaLimits.MaxSchemaChars} characters.");
        return OutputSchema?.Length > SchemaLimits.MaxSchemaChars
            ? new McpRefusal("outputSchema", $"is longer than {SchemaLimits.MaxSchemaChars} characters.")
            : null;
    }

    private static McpEntry Refused(string name, bool needsTask, string hash, McpRefusal refusal) => new(name, null, null, null, needsTask, hash) { Refusal = refusal };

    private static string NameOf(JsonObject tool)
    {
        try
        {
            return tool["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "";
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // The name is it, or another name in the entry.
            return "";
        }
    }

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
