using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Events;

/// <summary>What is measured of the way from the journal to its subscribers.</summary>
internal sealed class EventInstruments
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _missing;
    private TimeSpan _lag;

    public EventInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _published = meter.CreateCounter<long>("agentruntime.events.published", "{record}", "Records that were put on the stream, each time.");
        _dropped = meter.CreateCounter<long>("agentruntime.events.dropped", "{record}", "Records that were not kept in memory for the stream; they are read from the journal again.");
        _missing = meter.CreateCounter<long>("agentruntime.events.missing", "{run}", "Runs of which a subscriber lacked records, so that they were published again.");
        meter.CreateObservableGauge("agentruntime.events.lag", () => _lag.TotalSeconds, "s", "How long ago the oldest run ended that a subscriber does not have whole, of those that this silo looks after.");
    }

    public void Published(int records) => _published.Add(records);

    public void Dropped(int records) => _dropped.Add(records);

    public void Missing() => _missing.Add(1);

    public void Lag(TimeSpan lag) => _lag = lag;
}
