using AgentRuntime.V1;

namespace AgentRuntime.Client;

/// <summary>A run that was to give an answer ended without one: it failed, or somebody cancelled it.</summary>
public sealed class AgentRunException : Exception
{
    internal AgentRunException(string run, RunState state, string code, string message)
        : base(message) => (Run, State, Code) = (run, state, code);

    /// <summary>The run, <c>tenants/{tenant}/runs/{run}</c>.</summary>
    public string Run { get; }

    /// <summary><see cref="RunState.Failed"/> or <see cref="RunState.Cancelled"/>.</summary>
    public RunState State { get; }

    /// <summary>Why it failed, for example <c>LimitExceeded</c>; empty when it was cancelled.</summary>
    public string Code { get; }
}
