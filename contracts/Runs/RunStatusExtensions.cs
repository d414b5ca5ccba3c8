namespace AgentRuntime.Runs;

/// <summary>What a status means.</summary>
public static class RunStatusExtensions
{
    /// <summary>Whether the status never changes again.</summary>
    public static bool IsTerminal(this RunStatus status) => status >= RunStatus.Completed;
}
