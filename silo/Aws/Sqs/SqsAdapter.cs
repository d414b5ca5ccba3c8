using System.Collections.Frozen;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Queues;
using AgentRuntime.Aws.Sqs.Receiving;
using AgentRuntime.Aws.Sqs.Sending;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs;

/// <summary>Publishes to the queues and gives each its receiver.</summary>
internal sealed class SqsAdapter : IQueueAdapter, IAsyncDisposable
{
    private readonly SqsStreamSetup _setup;
    private readonly IStreamQueueMapper _mapper;
    private readonly SqsAdapterCache _caches;
    private readonly FrozenDictionary<QueueId, string> _urls;
    private readonly FrozenDictionary<QueueId, SqsSender> _senders;
    private readonly string _deadUrl;

    public SqsAdapter(SqsStreamSetup setup, IStreamQueueMapper mapper, SqsAdapterCache caches, IReadOnlyDictionary<QueueId, string> urls, string deadUrl)
    {
        (_setup, _mapper, _caches, _deadUrl) = (setup, mapper, caches, deadUrl);
        _urls = urls.ToFrozenDictionary();
        _senders = urls.ToFrozenDictionary(static queue => queue.Key, queue => new SqsSender(setup.Client, queue.Value, setup.Time));
    }

    public string Name => _setup.Name;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null) throw new ArgumentException("Events on SQS get their tokens when they are received. Publish without one.", nameof(token));
        var body = await _setup.Messages.WriteAsync(streamId, events, requestContext);
        await _senders[_mapper.GetQueueForStream(streamId)].SendAsync(body);
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var queue = new QueueRequests(_setup.Client, _urls[queueId], _setup.Time);
        var dead = new DeadLetters(new QueueRequests(_setup.Client, _deadUrl, _setup.Time), QueueNames.Queue(_setup.Options, queueId));
        return new SqsReceiver(_setup, queue, dead, _caches.Take(queueId));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values) await sender.DisposeAsync();
    }
}
