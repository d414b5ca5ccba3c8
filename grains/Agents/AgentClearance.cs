using AgentRuntime.Common;

namespace AgentRuntime.Agents;

/// <summary>Whether an agent may use a model or a tool. Used at apply, and again at each call. Doubt means no.</summary>
internal static class AgentClearance
{
    /// <summary>Null when the agent may use the model; else why not, naming agent, class and model.</summary>
    public static string? RefuseModel(AgentId agent, AgentDefinition definition, ModelClearance model) =>
        MissingClass(definition, model.DataClasses) is { } missing
            ? $"agent {agent}: model {model.Model} is not cleared for data class {missing}. Choose a model that is, or take the class off the agent."
            : null;

    /// <summary>Null when the agent may use the tool; else why not, naming agent, class or risk, and tool.</summary>
    public static string? RefuseTool(AgentId agent, AgentDefinition definition, ToolClearance tool)
    {
        if (!tool.IsPublished)
            return $"agent {agent}: tool {tool.Tool} is a draft. A tool reviewer other than its author must publish it first.";
        if (tool.BlockedReason is { } reason) return $"agent {agent}: tool {tool.Tool} is blocked ({reason}).";
        if (tool.Risk > definition.RiskScope)
            return $"agent {agent}: tool {tool.Tool} has risk level {RiskNames.Of(tool.Risk)}, above the agent's risk scope "
                + $"{RiskNames.Of(definition.RiskScope)}. Raise the scope or take the tool off the agent.";
        return MissingClass(definition, tool.DataClasses) is { } missing
            ? $"agent {agent}: tool {tool.Tool} is not cleared for data class {missing}. Clear the tool for it, or take one of them off the agent."
            : null;
    }

    private static string? MissingClass(AgentDefinition definition, IReadOnlyList<string> cleared)
    {
        foreach (var dataClass in definition.DataClasses)
            if (!cleared.Contains(dataClass, StringComparer.Ordinal)) return dataClass;
        return null;
    }
}
