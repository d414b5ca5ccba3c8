using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs.Forks;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.Driving;

/// <summary>The tools of one run, by the name that the model sees.</summary>
internal sealed class Toolset(ToolDirectory directory, TenantId tenant, ForkAnswers answers)
{
    private readonly Dictionary<string, AgentTool> _pins = new(StringComparer.Ordinal);

    /// <summary>What the model is shown.</summary>
    public List<AITool> Declarations { get; } = [];

    public IEnumerable<string> Names => _pins.Keys;

    /// <summary>Prepares the tools that a definition pins.</summary>
    public async ValueTask LoadAsync(AgentDefinition definition)
    {
        foreach (var pin in definition.Tools)
        {
            var tool = await directory.GetAsync(tenant, pin, CancellationToken.None);
            _pins[tool.Version.ModelName] = pin;
            Declarations.Add(tool.Declaration);
        }
    }

    /// <summary>The tool as it stands now, or null when the run has none of this name.</summary>
    public async ValueTask<PreparedTool?> FindAsync(string name) =>
        _pins.TryGetValue(name, out var pin) ? await directory.GetAsync(tenant, pin, CancellationToken.None) : null;

    /// <summary>What stands for a call in a fork that is not live; null when the call is to be made.</summary>
    public ValueTask<ToolReturned?> FindAnswerAsync(RunState state, CallState call, PreparedTool? tool) => state.Fork is { } fork
        ? answers.FindAsync(fork, call.Step, call.Index, call.Requested, tool)
        : ValueTask.FromResult<ToolReturned?>(null);
}
