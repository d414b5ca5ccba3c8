using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace AgentRuntime.Chaos.Faults.Streams;

/// <summary>Reads one queue as the agent of a silo does, with one consumer for all streams; may die in the midst of it.</summary>
internal sealed class QueueReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly SqsAdapterFactory _factory;
    private readonly CutLine _line;
    private readonly SqsQueueCache _cache;
    private readonly IQueueAdapterReceiver _receiver;
    private readonly Dictionary<StreamId, SqsCacheCursor> _cursors = [];

    private QueueReader(ServiceProvider services, SqsAdapterFactory factory, CutLine line, SqsQueueCache cache, IQueueAdapterReceiver receiver) =>
        (_services, _factory, _line, _cache, _receiver) = (services, factory, line, cache, receiver);

    public static async Task<QueueReader> OpenAsync(StreamSetup setup, int queue)
    {
        CutLine? line = null;
        var services = setup.Open(inner => line = new CutLine(inner));
        var factory = StreamSetup.Factory(services);
        var adapter = await Again.UntilAnsweredAsync(() => factory.CreateAdapter(CancellationToken.None));
        var id = factory.GetStreamQueueMapper().GetAllQueues().Single(each => each.GetNumericId() == queue);
        var cache = (SqsQueueCache)factory.GetQueueAdapterCache().CreateQueueCache(id);
        var receiver = adapter.CreateReceiver(id);
        await receiver.Initialize(Patience);
        return new QueueReader(services, factory, line!, cache, receiver);
    }

    /// <summary>One round: what is finished is let go, what is new is put into the cache.</summary>
    public async Task PumpAsync()
    {
        if (_cache.TryPurgeFromCache(out var finished)) await _receiver.MessagesDeliveredAsync(finished, CancellationToken.None);
        var messages = await _receiver.GetQueueMessagesAsync(_cache.GetMaxAddCount(), CancellationToken.None);
        _cache.AddToCache(messages);
        foreach (var message in messages)
        {
            if (!_cursors.ContainsKey(message.StreamId)) _cursors[message.StreamId] = (SqsCacheCursor)_cache.GetCacheCursor(message.StreamId, message.SequenceToken);
        }
    }

    /// <summary>The consumer processes what there is, or fails at every second.</summary>
    public void Consume(StreamModel model, bool fails)
    {
        foreach (var cursor in _cursors.Values)
        {
            for (var count = 0; cursor.MoveNext(); count++)
            {
                if (fails && count % 2 == 0) cursor.RecordDeliveryFailure();
                else foreach (var (text, _) in ((SqsBatchContainer)cursor.GetCurrent(out _)!).GetEvents<string>()) model.Process(text);
            }
        }
    }

    /// <summary>The silo is killed: nothing of what it holds is let go.</summary>
    public Task DieAsync() => _line.CutAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.Shutdown(Patience);
        await _factory.DisposeAsync();
        await _services.DisposeAsync();
    }
}
