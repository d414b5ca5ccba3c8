using AgentRuntime.Aws.EventBridge;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Events;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AgentRuntime.AwsStore.Events;

/// <summary>
/// Hands what a tenant's stream of events says of runs and approvals on to the event bus. A batch is done when the bus has it; one that the bus does not take
/// comes again, and in the end lies in the queue of the dead.
/// </summary>
[ImplicitStreamSubscription(EventStreams.Namespace)]
internal sealed partial class EventBusGrain(EventBus bus, EventBusInstruments instruments, ILogger<EventBusGrain> log)
    : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncObserver<EventBatch>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventBatch>().ResumeAsync(this);

    public async Task OnNextAsync(EventBatch item, StreamSequenceToken? token = null)
    {
        EventBatchRules.Require(item, EventStreams.TenantOf(this.GetPrimaryKeyString()));
        var events = BusEvents.Of(item).ToList();
        if (events.Count == 0) return;
        try
        {
            await bus.PutAsync(events, CancellationToken.None);
            instruments.Put(events.Count);
        }
        catch (Exception failure) when (failure is InvalidDataException || StoreFailures.IsNoAnswer(failure))
        {
            instruments.NotPut(events.Count);
            throw StoreFailures.Unavailable("EventBridge", failure);
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(ex, this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "The stream of events of tenant {Tenant} failed; what the event bus has not taken comes again.")]
    private partial void LogStreamFailed(Exception failure, string tenant);
}
