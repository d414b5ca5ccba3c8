using System.Diagnostics.CodeAnalysis;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Aws.Sqs.Queues;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>
/// The messages of a queue that wait for their consumers. One is let go when every cursor of its stream has passed it, whatever the consumers of other
/// streams do.
/// </summary>
internal sealed class SqsQueueCache(SqsStreamOptions options, TimeProvider time) : IQueueCache
{
    // A consumer that is just subscribing has no cursor yet: what comes for it meanwhile is not taken for unwanted.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<StreamId, CachedStream> _streams = [];
    private int _count;
    private long _bytes;

    // Not less when it is full: the agent would then not ask for what can be let go either.
    public int GetMaxAddCount() => QueueRequests.MaxBatch;

    public bool IsUnderPressure() => _count >= options.CachedMessages || _bytes >= options.CachedBytes;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var message in messages.Cast<SqsBatchContainer>())
        {
            Stream(message.StreamId).Add(message);
            _count++;
            _bytes += message.Lease.Bytes;
        }
    }

    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        List<IBatchContainer> finished = [];
        var unwantedBefore = _count * 2 > options.CachedMessages ? DateTimeOffset.MaxValue : time.GetUtcNow() - Grace;
        foreach (var (id, stream) in _streams)
        {
            stream.TakeFinished(finished, unwantedBefore);
            // Removing the current item does not end the enumeration.
            if (stream.IsUnused) _streams.Remove(id);
        }

        _count -= finished.Count;
        _bytes -= finished.Sum(static message => (long)((SqsBatchContainer)message).Lease.Bytes);
        purgedItems = finished;
        return finished.Count > 0;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => Stream(streamId).Open(token);

    private CachedStream Stream(StreamId id)
    {
        if (!_streams.TryGetValue(id, out var stream)) _streams[id] = stream = new CachedStream(time);
        return stream;
    }
}
