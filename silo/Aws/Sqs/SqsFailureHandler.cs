using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs;

/// <summary>A consumer that fails keeps its subscription; the message comes again, and goes to the queue of the dead in the end.</summary>
internal sealed class SqsFailureHandler(SqsStreamLog log) : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Say(subscriptionId, streamIdentity);

    public Task OnSubscriptionFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Say(subscriptionId, streamIdentity);

    private Task Say(GuidId subscription, StreamId stream)
    {
        log.NotDelivered(stream, subscription.Guid);
        return Task.CompletedTask;
    }
}
