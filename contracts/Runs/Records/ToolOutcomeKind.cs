namespace AgentRuntime.Runs.Records;

/// <summary>How a call went.</summary>
public enum ToolOutcomeKind
{
    /// <summary>It returned a result within its contract.</summary>
    Success = 1,

    /// <summary>It failed, or its result broke its contract; the model is told.</summary>
    Error = 2,

    /// <summary>It was not made: denied, expired, or arguments outside the contract.</summary>
    NotMade = 3,
}
