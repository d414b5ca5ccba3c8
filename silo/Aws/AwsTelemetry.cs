namespace AgentRuntime.Aws;

/// <summary>Under which names this library measures.</summary>
public static class AwsTelemetry
{
    /// <summary>
    /// The meter. <c>agentruntime.aws.throttled</c> counts attempts that AWS refused because there were too many, by service and operation; those that
    /// the next attempt made good are among them. <c>agentruntime.aws.attempts</c> counts all.
    /// </summary>
    public const string MeterName = "AgentRuntime.Aws";
}
