using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>What a definition may hold, whatever tools and models there are.</summary>
internal static class AgentDefinitionRules
{
    public const int MaxInstructionsBytes = 64 * 1024;
    public const int MaxTools = 128;
    public const int MaxDataClasses = 32;
    public const int HashChars = 64;

    /// <summary>Returns the definition in its one spelling: tools and data classes in order.</summary>
    /// <exception cref="InvalidInputException">A part is out of bounds; the message names it.</exception>
    public static AgentDefinition Normalise(AgentDefinition definition)
    {
        if (string.IsNullOrWhiteSpace(definition.Instructions)) throw new InvalidInputException("instructions", "must not be empty.");
        if (Encoding.UTF8.GetByteCount(definition.Instructions) > MaxInstructionsBytes)
            throw new InvalidInputException("instructions", $"must be at most {MaxInstructionsBytes} bytes.");
        IdFormat.Require(definition.Model, "model");
        if (!Enum.IsDefined(definition.RiskScope))
            throw new InvalidInputException("riskScope", "must be read, write, write-high or critical.");
        RunLimitsRules.Check(definition.Limits);
        ContextWindowRules.Check(definition.Context, definition.Instructions);
        return definition with { Tools = OrderTools(definition.Tools), DataClasses = OrderClasses(definition.DataClasses) };
    }

    private static AgentTool[] OrderTools(IReadOnlyList<AgentTool> tools)
    {
        if (tools.Count > MaxTools) throw new InvalidInputException("tools", $"must be at most {MaxTools}, not {tools.Count}.");
        foreach (var tool in tools)
        {
            IdFormat.Require(tool.Tool, "tools");
            if (tool.ContractHash.Length != 0 && !IsHash(tool.ContractHash))
                throw new InvalidInputException("tools", $"contract hash of '{tool.Tool}' must be {HashChars} hex digits 0-9 and a-f, or absent.");
        }

        var ordered = tools.OrderBy(tool => tool.Tool, StringComparer.Ordinal).ToArray();
        for (var i = 1; i < ordered.Length; i++)
            if (ordered[i].Tool == ordered[i - 1].Tool) throw new InvalidInputException("tools", $"names '{ordered[i].Tool}' twice; remove one.");
        return ordered;
    }

    private static string[] OrderClasses(IReadOnlyList<string> classes)
    {
        if (classes.Count > MaxDataClasses)
            throw new InvalidInputException("dataClasses", $"must be at most {MaxDataClasses}, not {classes.Count}.");
        var ordered = classes.Select(name => IdFormat.Require(name, "dataClasses")).Order(StringComparer.Ordinal).ToArray();
        for (var i = 1; i < ordered.Length; i++)
            if (ordered[i] == ordered[i - 1]) throw new InvalidInputException("dataClasses", $"names '{ordered[i]}' twice; remove one.");
        return ordered;
    }

    private static bool IsHash(string text) => text.Length == HashChars && text.All(char.IsAsciiHexDigitLower);
}
