using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.AwsStore.Events;

/// <summary>What is measured of the event bus.</summary>
internal sealed class EventBusInstruments
{
    private readonly Counter<long> _events;

    public EventBusInstruments(IMeterFactory meters) => _events = meters.Create(RuntimeSource.Name).CreateCounter<long>(
        "agentruntime.eventbus.events", "{event}", "Events that the bus took, or did not and that come again, by outcome: put, failed.");

    public void Put(int count) => _events.Add(count, new KeyValuePair<string, object?>("outcome", "put"));

    public void NotPut(int count) => _events.Add(count, new KeyValuePair<string, object?>("outcome", "failed"));
}
