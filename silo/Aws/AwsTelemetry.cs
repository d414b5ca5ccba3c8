namespace AgentRuntime.Aws;

/// <summary>Under which names this library measures.</summary>
public static class AwsTelemetry
{
    /// <summary>
    /// The meter. <c>agentruntime.aws.throttled</c> counts attempts that AWS refused because there were too many, by service and operation; those that
    /// the next attempt made good are among them. <c>agentruntime.aws.attempts</c> counts all.
    /// <c>agentruntime.aws.foreign</c> counts requests that were not sent because of whose keys they named; each is a fault of a program.
    /// <c>agentruntime.aws.sqs.delivered</c>, <c>.repeated</c>, <c>.failed</c>, <c>.quarantined</c> and <c>.leases_lost</c> count messages of streams, by provider.
    /// </summary>
    public const string MeterName = "AgentRuntime.Aws";
}
