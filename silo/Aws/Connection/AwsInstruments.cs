using System.Diagnostics.Metrics;

namespace AgentRuntime.Aws.Connection;

/// <summary>What is measured of the traffic with AWS.</summary>
internal sealed class AwsInstruments
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _throttled;
    private readonly Counter<long> _foreign;

    public AwsInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(AwsTelemetry.MeterName);
        _attempts = meter.CreateCounter<long>("agentruntime.aws.attempts", "{attempt}", "Requests that AWS answered, each attempt by itself.");
        _throttled = meter.CreateCounter<long>("agentruntime.aws.throttled", "{attempt}", "Attempts that AWS refused because there were too many.");
        _foreign = meter.CreateCounter<long>("agentruntime.aws.foreign", "{request}", "Requests that were not sent because of whose keys they named.");
    }

    public void Sent(string service, string operation) => _attempts.Add(1, new("service", service), new("operation", operation));

    public void Throttled(string service, string operation) => _throttled.Add(1, new("service", service), new("operation", operation));

    public void Foreign(string service, string operation) => _foreign.Add(1, new("service", service), new("operation", operation));
}
