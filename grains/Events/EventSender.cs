using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace AgentRuntime.Events;

/// <summary>Puts batches on their tenant's stream.</summary>
internal sealed class EventSender([FromKeyedServices(EventStreams.Provider)] IStreamProvider streams, EventInstruments instruments)
{
    /// <summary>When it returns, the stream delivers the batch at least once.</summary>
    public async Task SendAsync(EventBatch batch)
    {
        await streams.GetStream<EventBatch>(StreamId.Create(EventStreams.Namespace, EventStreams.KeyOf(batch.Tenant))).OnNextAsync(batch);
        instruments.Published(batch.Runs.Sum(static run => run.Events.Count));
    }
}
