using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Outcomes for scripts.</summary>
internal static class Result
{
    public static readonly ToolOutcome Ok = new ToolOutcome.Succeeded("\"ok\"", IsJson: true);

    public static ToolOutcome Json(string json) => new ToolOutcome.Succeeded(json, IsJson: true);

    public static ToolOutcome Busy(bool sent = true) => new ToolOutcome.Failed(ErrorCode.Unavailable, "The shelf is busy.", IsTransient: true, sent);

    public static ToolOutcome Broken => new ToolOutcome.Failed(ErrorCode.ToolFailed, "There is no such shelf.", IsTransient: false, Sent: true);

    /// <summary>Never answers and does not heed its token.</summary>
    public static ValueTask<ToolOutcome> Never() => new(new TaskCompletionSource<ToolOutcome>().Task);
}
