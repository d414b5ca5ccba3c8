using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AgentRuntime.Benchmarks;

/// <summary>
/// What one silo's run store consumes from now on, as it measures itself, and what its connection to AWS sends besides. A store that has no price measures
/// nothing.
/// </summary>
internal sealed class StoreCost : IDisposable
{
    private const string Prefix = "agentruntime.store.";
    private const string Attempts = "agentruntime.aws.attempts";
    private const string Queues = "AmazonSQS";

    // Pollers ask it once a second, whatever runs do.
    private const string OfPollers = "QueryIndex";

    private readonly ConcurrentDictionary<(string Instrument, string Operation), double> _sums = new();
    private readonly MeterListener _listener;

    public StoreCost(IMeterFactory meters)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && (instrument.Name.StartsWith(Prefix, StringComparison.Ordinal) || instrument.Name == Attempts)) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double Requests => Sum("requests");

    public double ReadUnits => Sum("read_units");

    public double WriteUnits => Sum("write_units");

    /// <summary>What was sent to SQS, polls that found nothing included.</summary>
    public double QueueRequests => _sums.Where(static sum => sum.Key.Instrument == Attempts && sum.Key.Operation.StartsWith(Queues, StringComparison.Ordinal)).Sum(static sum => sum.Value);

    public override string ToString() => string.Join('\n', _sums.OrderBy(sum => sum.Key.ToString(), StringComparer.Ordinal).Select(sum => $"{sum.Key.Instrument["agentruntime.".Length..]} {sum.Key.Operation}: {sum.Value}"));

    public void Dispose() => _listener.Dispose();

    private double Sum(string instrument) => _sums.Where(sum => sum.Key.Instrument == Prefix + instrument && sum.Key.Operation != OfPollers).Sum(sum => sum.Value);

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _sums.AddOrUpdate((instrument.Name, instrument.Name == Attempts ? $"{tags[0].Value}.{tags[1].Value}" : (string)tags[0].Value!), value, (_, sum) => sum + value);
}
