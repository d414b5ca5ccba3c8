using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentRuntime.Agents;

/// <summary>
/// The hash that pins a definition. Its form is final: members in this order, no white space, numbers in decimal. A member that is added
/// later is written only when it differs from what its absence meant.
/// </summary>
internal static class AgentDefinitionHash
{
    private static ReadOnlySpan<byte> Domain => "agentruntime.agent.definition/1\0"u8;

    /// <summary>SHA-256 of the canonical form, 64 hex digits. The definition is normalised and every tool is pinned.</summary>
    public static string Compute(AgentDefinition definition)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Domain);
        hash.AppendData(Canonical(definition));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Canonical(AgentDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("instructions", definition.Instructions);
            json.WriteString("model", definition.Model);
            json.WriteStartArray("tools");
            foreach (var tool in definition.Tools)
            {
                json.WriteStartArray();
                json.WriteStringValue(tool.Tool);
                json.WriteStringValue(tool.ContractHash);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            WriteLimits(json, definition.Limits);
            json.WriteNumber("riskScope", (int)definition.RiskScope);
            json.WriteStartArray("dataClasses");
            foreach (var dataClass in definition.DataClasses) json.WriteStringValue(dataClass);
            json.WriteEndArray();
            json.WriteNumber("lastTurns", definition.Context.LastTurns);
            json.WriteNumber("maxMessageChars", definition.Context.MaxMessageChars);
            if (definition.Context.MaxTokens != 0) json.WriteNumber("contextTokens", definition.Context.MaxTokens);
            if (definition.Context.PinnedInputs != 0) json.WriteNumber("pinnedInputs", definition.Context.PinnedInputs);
            if (definition.Context.SummaryTokens != 0) json.WriteNumber("summaryTokens", definition.Context.SummaryTokens);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteLimits(Utf8JsonWriter json, RunLimits limits)
    {
        json.WriteStartObject("limits");
        json.WriteNumber("maxSteps", limits.MaxSteps);
        json.WriteNumber("maxWallSeconds", limits.MaxWallSeconds);
        json.WriteNumber("maxTokens", limits.MaxTokens);
        json.WriteNumber("maxToolCalls", limits.MaxToolCalls);
        json.WriteNumber("maxFanOut", limits.MaxFanOut);
        json.WriteNumber("maxPayloadBytes", limits.MaxPayloadBytes);
        json.WriteNumber("maxAttemptsPerCall", limits.MaxAttemptsPerCall);
        json.WriteNumber("maxRetriesPerRun", limits.MaxRetriesPerRun);
        json.WriteNumber("modelTimeoutSeconds", limits.ModelTimeoutSeconds);
        json.WriteNumber("approvalSeconds", limits.ApprovalSeconds);
        json.WriteEndObject();
    }
}
