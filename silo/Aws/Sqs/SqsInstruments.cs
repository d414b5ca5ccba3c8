using System.Diagnostics.Metrics;

namespace AgentRuntime.Aws.Sqs;

/// <summary>What is measured of streams on SQS, by provider.</summary>
internal sealed class SqsInstruments
{
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _passedBy;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _lost;

    public SqsInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(AwsTelemetry.MeterName);
        _delivered = meter.CreateCounter<long>("agentruntime.aws.sqs.delivered", "{message}", "Messages that all consumers finished.");
        _repeated = meter.CreateCounter<long>("agentruntime.aws.sqs.repeated", "{message}", "Messages that came again and were not delivered again.");
        _failed = meter.CreateCounter<long>("agentruntime.aws.sqs.failed", "{message}", "Messages that a consumer failed; they come again.");
        _passedBy = meter.CreateCounter<long>("agentruntime.aws.sqs.passed_by", "{message}", "Messages that a consumer was not given, as it had failed those before; they come again.");
        _quarantined = meter.CreateCounter<long>("agentruntime.aws.sqs.quarantined", "{message}", "Messages put aside in the queue of the dead.");
        _lost = meter.CreateCounter<long>("agentruntime.aws.sqs.leases_lost", "{message}", "Messages whose lease could not be renewed; they come again.");
    }

    public void Delivered(string provider, int count) => _delivered.Add(count, new KeyValuePair<string, object?>("provider", provider));

    public void Repeated(string provider) => _repeated.Add(1, new KeyValuePair<string, object?>("provider", provider));

    public void Failed(string provider) => _failed.Add(1, new KeyValuePair<string, object?>("provider", provider));

    public void PassedBy(string provider, int count) => _passedBy.Add(count, new KeyValuePair<string, object?>("provider", provider));

    public void Quarantined(string provider) => _quarantined.Add(1, new KeyValuePair<string, object?>("provider", provider));

    public void LeaseLost(string provider) => _lost.Add(1, new KeyValuePair<string, object?>("provider", provider));
}
