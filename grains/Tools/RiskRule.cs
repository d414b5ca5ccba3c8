using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Tools;

/// <summary>The rule that every call meets before it is made. Pure: the same question always has the same answer.</summary>
internal static class RiskRule
{
    private const string Text = "risk-rule/1: blocked or unpublished denies; above the agent's risk scope denies; a data class that the tool is"
        + " not cleared for denies; arguments outside the schema are not sent; write-high needs one person, critical two.";

    /// <summary>SHA-256 of the rule, 64 hex digits: which rule a decision was made by.</summary>
    public static string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static ToolVerdict Decide(AgentDefinition agent, PreparedTool tool, in JsonElement arguments)
    {
        var version = tool.Version;
        if (!version.IsCallable)
            return new ToolVerdict.Deny(version.BlockedReason is { } reason
                ? $"Tool '{version.Tool}' is blocked: {reason}"
                : $"Tool '{version.Tool}' is a draft; a tool reviewer has to publish it.");
        var contract = version.Contract;
        if (contract.Risk > agent.RiskScope)
            return new ToolVerdict.Deny($"Tool '{version.Tool}' has risk {RiskNames.Of(contract.Risk)}, above this agent's scope {RiskNames.Of(agent.RiskScope)}.");
        if (FindUncleared(agent.DataClasses, contract.DataClasses) is { } dataClass)
            return new ToolVerdict.Deny($"Tool '{version.Tool}' is not cleared for data class '{dataClass}', which this agent handles.");
        if (arguments.ValueKind != JsonValueKind.Object)
            return new ToolVerdict.BadArguments($"The arguments of tool '{version.ModelName}' must be a JSON object.");
        if (!tool.Input.IsValid(arguments))
            return new ToolVerdict.BadArguments(Describe(version.ModelName, tool.Input.Validate(arguments)));
        return contract.Risk switch
        {
            RiskLevel.Read or RiskLevel.Write => ToolVerdict.Allow.Instance,
            RiskLevel.WriteHigh => new ToolVerdict.RequireApproval(1, $"Tool '{version.Tool}' has risk write-high."),
            RiskLevel.Critical => new ToolVerdict.RequireApproval(2, $"Tool '{version.Tool}' has risk critical."),
            _ => new ToolVerdict.Deny($"Tool '{version.Tool}' has a risk level that this silo does not know."),
        };
    }

    /// <summary>The first class that is handled and not cleared.</summary>
    public static string? FindUncleared(IReadOnlyList<string> handled, IReadOnlyList<string> cleared)
    {
        for (var i = 0; i < handled.Count; i++)
        {
            if (!cleared.Contains(handled[i]))
                return handled[i];
        }

        return null;
    }

    internal static string Describe(string name, IReadOnlyList<SchemaError> errors) =>
        $"The arguments of tool '{name}' do not fit its schema: {string.Join("; ", errors)}";
}
