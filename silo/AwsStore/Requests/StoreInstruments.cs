using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Requests;

/// <summary>What the run store costs, as DynamoDB says with each answer. Requests without an answer, and those that were refused, are not in it.</summary>
internal sealed class StoreInstruments
{
    private readonly Counter<long> _requests;
    private readonly Counter<double> _reads;
    private readonly Counter<double> _writes;

    public StoreInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _requests = meter.CreateCounter<long>("agentruntime.store.requests", "{request}", "Requests of the run store that DynamoDB answered.");
        _reads = meter.CreateCounter<double>("agentruntime.store.read_units", "{unit}", "Read units that the run store consumed.");
        _writes = meter.CreateCounter<double>("agentruntime.store.write_units", "{unit}", "Write units that the run store consumed, those of indexes included.");
    }

    public void Read(string request, ConsumedCapacity? consumed) => Count(_reads, request, consumed);

    public void Written(string request, ConsumedCapacity? consumed) => Count(_writes, request, consumed);

    private void Count(Counter<double> units, string request, ConsumedCapacity? consumed)
    {
        var operation = new KeyValuePair<string, object?>("operation", request[..^"Request".Length]);
        _requests.Add(1, operation);
        units.Add(consumed?.CapacityUnits ?? 0, operation);
    }
}
