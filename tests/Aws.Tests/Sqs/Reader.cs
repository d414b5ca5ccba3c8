using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Messages;
using Orleans.Streams;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>A queue's cache and receiver, used in the order in which the agent of a silo uses them.</summary>
internal sealed record Reader(SqsQueueCache Cache, IQueueAdapterReceiver Receiver)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<StreamId, SqsCacheCursor> _cursors = [];

    /// <summary>What was received, until there are <paramref name="count"/> messages. They wait in the cache for <see cref="FinishAsync"/>.</summary>
    public async Task<List<SqsBatchContainer>> TakeAsync(int count)
    {
        List<SqsBatchContainer> taken = [];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (taken.Count < count)
        {
            Assert.False(deadline.IsCancellationRequested, $"{taken.Count} of {count} messages came in time.");
            taken.AddRange(await PumpAsync());
        }

        return taken;
    }

    /// <summary>One round of the agent: what is finished is let go, and what is new is put into the cache.</summary>
    public async Task<IReadOnlyList<SqsBatchContainer>> PumpAsync()
    {
        if (Cache.TryPurgeFromCache(out var finished)) await Receiver.MessagesDeliveredAsync(finished, default);
        if (Cache.IsUnderPressure()) return [];
        var messages = await Receiver.GetQueueMessagesAsync(Cache.GetMaxAddCount(), default);
        Cache.AddToCache(messages);
        foreach (var message in messages)
        {
            if (!_cursors.ContainsKey(message.StreamId)) _cursors[message.StreamId] = (SqsCacheCursor)Cache.GetCacheCursor(message.StreamId, message.SequenceToken);
        }

        return [.. messages.Cast<SqsBatchContainer>()];
    }

    /// <summary>Every consumer finishes everything that it was given, or fails it, and the messages are let go.</summary>
    public async Task FinishAsync(bool fails = false)
    {
        foreach (var cursor in _cursors.Values)
        {
            while (cursor.MoveNext())
            {
                if (fails) cursor.RecordDeliveryFailure();
            }
        }

        if (Cache.TryPurgeFromCache(out var finished)) await Receiver.MessagesDeliveredAsync(finished, default);
    }

    /// <summary>Every consumer asks for its next.</summary>
    public void Step()
    {
        foreach (var cursor in _cursors.Values) cursor.MoveNext();
    }

    /// <summary>The silo stops in order.</summary>
    public Task EndAsync() => Receiver.Shutdown(Patience, TestContext.Current.CancellationToken);

    public static IEnumerable<T> Events<T>(IEnumerable<SqsBatchContainer> batches) => batches.SelectMany(static batch => batch.GetEvents<T>()).Select(static item => item.Item1);
}
