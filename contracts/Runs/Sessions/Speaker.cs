namespace AgentRuntime.Runs.Sessions;

/// <summary>Who says something in a conversation.</summary>
public enum Speaker
{
    /// <summary>A person or application.</summary>
    User = 1,

    /// <summary>The agent.</summary>
    Agent = 2,
}
