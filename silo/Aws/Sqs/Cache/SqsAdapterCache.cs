using System.Collections.Concurrent;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>Gives each reader of a queue its cache. The agent of a queue asks for the cache first and then for the receiver, which gets the same.</summary>
internal sealed class SqsAdapterCache(SqsStreamOptions options, TimeProvider time) : IQueueAdapterCache
{
    private readonly ConcurrentDictionary<QueueId, SqsQueueCache> _latest = [];

    public IQueueCache CreateQueueCache(QueueId queueId) => _latest[queueId] = new SqsQueueCache(options, time);

    public SqsQueueCache Take(QueueId queueId) => _latest.TryRemove(queueId, out var cache) ? cache : new SqsQueueCache(options, time);
}
