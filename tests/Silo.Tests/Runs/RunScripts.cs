using System.Collections.Concurrent;
using AgentRuntime.Runs;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>What the model says and the tools do in each run. Outlives a silo, as vendors and tools do.</summary>
internal sealed class RunScripts
{
    private readonly ConcurrentDictionary<string, Func<ModelTurn, Task<ChatResponse>>> _models = new();
    private readonly ConcurrentDictionary<string, ToolScript> _tools = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ToolInvocation>> _invocations = new();

    public Func<ModelTurn, Task<ChatResponse>> Model(string input) => _models[input];

    public void Set(string input, Func<ModelTurn, Task<ChatResponse>> model) => _models[input] = model;

    public void Set(RunKey run, ToolScript tool) => _tools[run.ToString()] = tool;

    /// <summary>All calls of a run that reached a tool, in order.</summary>
    public IReadOnlyList<ToolInvocation> Invocations(RunKey run) => [.. Of(run.ToString())];

    public ValueTask<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        var key = invocation.IdempotencyKey;
        var run = key[..key.IndexOf('/', key.IndexOf('/', StringComparison.Ordinal) + 1)];
        Of(run).Enqueue(invocation);
        return _tools.TryGetValue(run, out var script) ? script(invocation, cancellation) : ValueTask.FromResult(Result.Ok);
    }

    private ConcurrentQueue<ToolInvocation> Of(string run) => _invocations.GetOrAdd(run, static _ => new());
}

internal delegate ValueTask<ToolOutcome> ToolScript(ToolInvocation invocation, CancellationToken cancellation);
