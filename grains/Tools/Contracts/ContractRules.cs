using System.Text;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.JsonSchema;
using AgentRuntime.Tools.Mcp;

namespace AgentRuntime.Tools.Contracts;

/// <summary>What a contract may hold, whoever's it is.</summary>
internal static class ContractRules
{
    public const int MaxWireNameChars = 128;
    public const int MaxDescriptionBytes = 8 * 1024;
    public const int MaxTimeoutMs = 600_000;
    public const int MaxDataClasses = 32;
    public const int MaxEgressHosts = 32;

    /// <summary>Returns the contract in its one spelling: lists in order.</summary>
    /// <exception cref="InvalidInputException">A part is refused; the message names it.</exception>
    public static ToolContract Normalise(ToolContract contract, FunctionTools functions)
    {
        CheckNames(contract);
        CheckSchemas(contract);
        CheckRisk(contract.Risk, contract.Effect);
        if (contract.TimeoutMs is < 1 or > MaxTimeoutMs)
            throw new InvalidInputException("timeoutMs", $"must be 1 to {MaxTimeoutMs}, not {contract.TimeoutMs}.");
        var normalised = contract with
        {
            DataClasses = Order(contract.DataClasses, "dataClasses", MaxDataClasses, name => IdFormat.Require(name, "dataClasses")),
            EgressHosts = Order(contract.EgressHosts, "egressHosts", MaxEgressHosts, host => host),
        };
        var hosts = HostRules.Parse(normalised.EgressHosts, "egressHosts");
        switch (contract.Invoker)
        {
            case FunctionInvoker function:
                CheckFunction(contract, function, functions);
                break;
            case HttpInvoker http:
                HttpContractRules.Check(contract, http, hosts);
                break;
            case McpInvoker mcp:
                McpContractRules.Check(mcp);
                break;
            default:
                throw new InvalidInputException("invoker", "must be function, http or mcp.");
        }

        return normalised;
    }

    private static void CheckNames(ToolContract contract)
    {
        if (contract.WireName is not { Length: > 0 and <= MaxWireNameChars } || contract.WireName.Any(c => c is < ' ' or > '~'))
            throw new InvalidInputException("wireName", $"must be 1 to {MaxWireNameChars} printable ASCII characters.");
        if (string.IsNullOrWhiteSpace(contract.Description) || Encoding.UTF8.GetByteCount(contract.Description) > MaxDescriptionBytes)
            throw new InvalidInputException("description", $"must be 1 to {MaxDescriptionBytes} bytes: it is what the model reads.");
        if (contract.Description.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            throw new InvalidInputException("description", "must hold no control characters but line feed and tab.");
    }

    private static void CheckSchemas(ToolContract contract)
    {
        JsonSchemaValidator.Compile(contract.InputSchema, "inputSchema", ObjectPolicy.Closed);
        using (var input = JsonDocument.Parse(contract.InputSchema, new JsonDocumentOptions { MaxDepth = 2 * SchemaLimits.MaxDepth }))
        {
            if (input.RootElement.ValueKind != JsonValueKind.Object
                || !input.RootElement.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "object")
                throw new InvalidInputException("inputSchema", "must have \"type\": \"object\" at its root: arguments are an object.");
        }

        if (contract.OutputSchema is not null)
            JsonSchemaValidator.Compile(contract.OutputSchema, "outputSchema", ObjectPolicy.Open);
    }

    private static void CheckRisk(RiskLevel risk, EffectClass effect)
    {
        if (!Enum.IsDefined(risk))
            throw new InvalidInputException("risk", $"must be {RiskNames.All}.");
        if (!Enum.IsDefined(effect))
            throw new InvalidInputException("effect", $"must be {EffectNames.All}.");
        if ((risk == RiskLevel.Read) != (effect == EffectClass.Read))
            throw new InvalidInputException(
                "effect", $"{EffectNames.Of(effect)} does not go with risk {RiskNames.Of(risk)}: read changes nothing and everything else changes something.");
    }

    private static void CheckFunction(ToolContract contract, FunctionInvoker invoker, FunctionTools functions)
    {
        var function = functions.Find(invoker.Function)
            ?? throw new InvalidInputException("invoker.function", $"'{invoker.Function}' is not offered by this host. Offered: {string.Join(", ", functions.All.Select(f => f.Name))}.");
        if (contract.Risk < function.Risk)
            throw new InvalidInputException("risk", $"{RiskNames.Of(contract.Risk)} is less than function '{function.Name}' says of itself, {RiskNames.Of(function.Risk)}.");
        if (contract.Effect < function.Effect)
            throw new InvalidInputException(
                "effect", $"{EffectNames.Of(contract.Effect)} is looser than function '{function.Name}' says of itself, {EffectNames.Of(function.Effect)}.");
    }

    private static string[] Order(IReadOnlyList<string> values, string field, int most, Func<string, string> require)
    {
        if (values.Count > most)
            throw new InvalidInputException(field, $"must be at most {most}, not {values.Count}.");
        var ordered = values.Select(require).Order(StringComparer.Ordinal).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i] == ordered[i - 1])
                throw new InvalidInputException(field, $"names '{ordered[i]}' twice; remove one.");
        }

        return ordered;
    }
}
