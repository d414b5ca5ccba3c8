using AgentRuntime.Agents;
using AgentRuntime.Common;

namespace AgentRuntime.Client.Embedded;

/// <summary>An agent as its program declares it. The same content again changes nothing; other content is a new version of the agent.</summary>
public sealed record AgentDeclaration
{
    /// <summary>What the model is told first; at most 64 KiB.</summary>
    public required string Instructions { get; init; }

    /// <summary>The model, by the name that it was added with.</summary>
    public required string Model { get; init; }

    /// <summary>The highest risk level that it may use.</summary>
    public required RiskLevel RiskScope { get; init; }

    /// <summary>The tools that it may call, by their names. Each is pinned to the contract that is published when the host starts.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The classes of data that it handles; each tool and the model must be cleared for all of them.</summary>
    public IReadOnlyList<string> DataClasses { get; init; } = [];

    /// <summary>Where its runs stop by themselves.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>How much of the conversation the model sees.</summary>
    public ContextWindow Context { get; init; } = new();

    internal AgentDefinition ToDefinition() =>
        new(Instructions, Model, [.. Tools.Select(tool => new AgentTool(tool, ""))], Limits, RiskScope, DataClasses, Context);
}
