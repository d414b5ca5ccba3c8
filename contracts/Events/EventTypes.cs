namespace AgentRuntime.Events;

/// <summary>Types of records that subscribers look at. There are others.</summary>
public static class EventTypes
{
    /// <summary>The first record of a run.</summary>
    public const string RunStarted = "run.started";

    /// <summary>The last record of a run that did what it was asked.</summary>
    public const string RunCompleted = "run.completed";

    /// <summary>The last record of a run that failed.</summary>
    public const string RunFailed = "run.failed";

    /// <summary>The last record of a run that was cancelled or killed.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary>A model's reply: one step.</summary>
    public const string ModelReplied = "model.replied";

    /// <summary>The result of a tool call.</summary>
    public const string ToolReturned = "tool.returned";

    /// <summary>An approval was asked for.</summary>
    public const string ApprovalRequested = "approval.requested";

    /// <summary>Somebody decided an approval.</summary>
    public const string ApprovalDecided = "approval.decided";

    /// <summary>Nobody decided an approval in time.</summary>
    public const string ApprovalExpired = "approval.expired";

    /// <summary>Whether nothing follows a record of that type.</summary>
    public static bool IsEnd(string type) => type is RunCompleted or RunFailed or RunCancelled;
}
