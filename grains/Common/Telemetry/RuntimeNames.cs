namespace AgentRuntime.Common.Telemetry;

/// <summary>Names of what the conventions of OpenTelemetry have no name for. Those with an id are for spans and logs, never for metrics.</summary>
internal static class RuntimeNames
{
    public const string Tenant = "agentruntime.tenant";
    public const string Run = "agentruntime.run";
    public const string Step = "agentruntime.step";
    public const string Attempt = "agentruntime.attempt";
    public const string Approval = "agentruntime.approval";
    public const string Verdict = "agentruntime.approval.verdict";
    public const string ToolInvoker = "agentruntime.tool.invoker";
    public const string ToolEffect = "agentruntime.tool.effect";
    public const string Outcome = "agentruntime.outcome";
    public const string Status = "agentruntime.run.status";

    /// <summary>The class of a failure, as all conventions name it; the value is one of <see cref="ErrorCode"/>, so that no message gets in.</summary>
    public const string ErrorType = "error.type";
}
