namespace AgentRuntime.Runs.Records;

/// <summary>What the gateway decided on a call.</summary>
public enum ToolDecision
{
    /// <summary>The call is made.</summary>
    Allow = 1,

    /// <summary>The call is not made; the model is told why.</summary>
    Deny = 2,

    /// <summary>A person decides.</summary>
    RequireApproval = 3,
}
