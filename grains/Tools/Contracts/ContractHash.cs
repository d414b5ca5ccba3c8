using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentRuntime.Tools.Contracts;

/// <summary>
/// The hash that pins a contract. Its form is final: members in this order, schemas canonical. A member that is added later is written
/// only when it differs from what its absence meant.
/// </summary>
internal static class ContractHash
{
    private static ReadOnlySpan<byte> Domain => "agentruntime.tool.contract/1\0"u8;

    /// <summary>SHA-256 of the canonical form, 64 hex digits. The contract is normalised.</summary>
    public static string Compute(ToolContract contract)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Domain);
        hash.AppendData(Canonical(contract));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static byte[] Canonical(ToolContract contract)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("wireName", contract.WireName);
            json.WriteString("description", contract.Description);
            WriteSchema(json, "input", contract.InputSchema);
            if (contract.OutputSchema is not null)
                WriteSchema(json, "output", contract.OutputSchema);
            json.WriteNumber("risk", (int)contract.Risk);
            json.WriteNumber("effect", (int)contract.Effect);
            json.WriteNumber("timeoutMs", contract.TimeoutMs);
            WriteList(json, "dataClasses", contract.DataClasses);
            WriteList(json, "egressHosts", contract.EgressHosts);
            WriteInvoker(json, contract.Invoker);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSchema(Utf8JsonWriter json, string name, string schema)
    {
        using var document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 2 * JsonSchema.SchemaLimits.MaxDepth });
        json.WritePropertyName(name);
        CanonicalJson.Write(json, document.RootElement);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteInvoker(Utf8JsonWriter json, ToolInvoker invoker)
    {
        json.WriteStartObject("invoker");
        switch (invoker)
        {
            case FunctionInvoker function:
                json.WriteString("function", function.Function);
                break;
            case HttpInvoker http:
                json.WriteString("method", http.Method);
                json.WriteString("url", http.UrlTemplate);
                json.WriteStartObject("headers");
                foreach (var (name, value) in http.Headers.OrderBy(h => h.Key, StringComparer.Ordinal))
                    json.WriteString(name, value);
                json.WriteEndObject();
                json.WriteNumber("maxResponseBytes", http.MaxResponseBytes);
                break;
            case McpInvoker mcp:
                json.WriteString("mcp", mcp.Server);
                json.WriteString("entry", mcp.EntryHash);
                break;
            default:
                throw new NotSupportedException($"Invoker {invoker.GetType().Name} has no canonical form.");
        }

        json.WriteEndObject();
    }
}
