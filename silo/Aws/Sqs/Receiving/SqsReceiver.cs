using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Aws.Sqs.Queues;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Receiving;

/// <summary>
/// Reads one queue for its agent. One long poll is under way at a time, behind the agent's back: the agent looks in often, so that what has been delivered
/// is deleted soon. What was received stays hidden from others until it is finished or this ends.
/// </summary>
#pragma warning disable CA1001 // Orleans disposes of no receiver: it calls Shutdown.
internal sealed class SqsReceiver(SqsStreamSetup setup, QueueRequests queue, DeadLetters deadLetters, SqsQueueCache cache) : IQueueAdapterReceiver
#pragma warning restore CA1001
{
    // So many times as long as one that was tried stays hidden what was not: each receipt counts towards the last.
    private const int PassedByFactor = 10;

    // How long the agent waits for the poll each time.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly LeaseBook _book = new();
    private readonly CancellationTokenSource _stop = new();

    // Later receivers begin with greater numbers, as far as the clocks agree.
    private long _sequence = setup.Time.GetUtcNow().ToUnixTimeMilliseconds() << 20;
    private Task<List<IBatchContainer>>? _poll;
    private Task _renewal = Task.CompletedTask;

    public Task Initialize(TimeSpan timeout)
    {
        _renewal = RenewAsync();
        return Task.CompletedTask;
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, default);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested) return [];
        _poll ??= PollAsync(maxCount is > 0 and < QueueRequests.MaxBatch ? maxCount : QueueRequests.MaxBatch);
        using (var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(_poll, Task.Delay(Look, setup.Time, look.Token));
            await look.CancelAsync();
        }

        if (cancellationToken.IsCancellationRequested || _poll is not { IsCompleted: true } poll) return [];
        _poll = null;
        return await poll;
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => MessagesDeliveredAsync(messages, default);

    // Not cancelled: what has been delivered is deleted even while the agent stops, or it would be delivered again.
    public async Task MessagesDeliveredAsync(IList<IBatchContainer> messages, CancellationToken cancellationToken)
    {
        List<Lease> delivered = [];
        List<Lease> passedBy = [];
        foreach (var lease in messages.Select(static message => ((SqsBatchContainer)message).Lease))
        {
            if (lease.IsFailed) await FailAsync(lease);
            else if (lease.IsAbandoned) _book.Drop(lease);
            else if (lease.IsPassedBy) passedBy.Add(lease);
            else delivered.Add(lease);
        }

        if (passedBy.Count > 0) await PutOffAsync(passedBy);
        if (delivered.Count == 0) return;
        foreach (var lease in delivered) _book.Finish(lease);
        setup.Log.Delivered(delivered.Count);
        var refused = await queue.DeleteAsync(delivered);
        if (refused.Count > 0) setup.Log.NotDeleted(refused.Count);
        foreach (var lease in delivered.Except(refused)) await ForgetAsync(lease.Envelope);
    }

    public async Task Shutdown(TimeSpan timeout)
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        // Whatever came of the last poll, what it received is in the book.
        await Task.WhenAny(_poll ?? Task.CompletedTask);
        await _renewal;
        if (cache.TryPurgeFromCache(out var finished)) await MessagesDeliveredAsync(finished);
        var held = _book.Held;
        var refused = await queue.HideAsync(held, TimeSpan.Zero);
        setup.Log.Released(held.Count - refused.Count, held.Count);
        _stop.Dispose();
    }

    private async Task<List<IBatchContainer>> PollAsync(int count)
    {
        List<IBatchContainer> batches = [];
        foreach (var message in await queue.ReceiveAsync(count, setup.Options.VisibilityTimeout, _stop.Token))
        {
            if (await TakeAsync(message) is { } batch) batches.Add(batch);
        }

        return batches;
    }

    // One message that cannot be taken leaves the others of its batch alone.
    private async Task<SqsBatchContainer?> TakeAsync(Amazon.SQS.Model.Message message)
    {
        Lease? lease = null;
        try
        {
            var envelope = setup.Messages.ReadEnvelope(message.Body);
            lease = new Lease(message, envelope, setup.Time.GetUtcNow());
            if (_book.Add(lease) is var arrival and not Arrival.New) return await RepeatedAsync(lease, arrival);
            var (events, bytes) = await setup.Messages.ReadEventsAsync(envelope, _stop.Token);
            lease.Bytes += bytes;
            return new SqsBatchContainer(envelope.Stream, ++_sequence, events, lease);
        }
        catch (UnreadableMessageException failure)
        {
            if (lease is not null) _book.Drop(lease);
            await QuarantineAsync(message.Body, message.MessageId, Lease.ReceivesOf(message), failure.Message, message.ReceiptHandle);
        }
        catch (UnknownMessageException failure)
        {
            if (lease is not null) _book.Drop(lease);
            await LeaveAsync(message, failure.Message);
        }
        catch (Exception failure)
        {
            if (lease is not null) _book.Drop(lease);
            setup.Log.NotTaken(message.MessageId, failure);
        }

        return null;
    }

    private async Task<SqsBatchContainer?> RepeatedAsync(Lease lease, Arrival arrival)
    {
        setup.Log.Repeated(lease.MessageId, arrival);
        if (arrival == Arrival.Again) return null;
        var refused = await queue.DeleteAsync([lease]);
        if (arrival == Arrival.Finished && refused.Count == 0) await ForgetAsync(lease.Envelope);
        return null;
    }

    private async Task FailAsync(Lease lease)
    {
        _book.Drop(lease);
        setup.Log.Failed(lease.MessageId, lease.Receives);
        if (lease.Receives < setup.Options.MaxReceives) return;
        await QuarantineAsync(lease.Body, lease.MessageId, lease.Receives, $"A consumer failed it, the last of the {lease.Receives} times that it was received.", lease.Receipt);
    }

    // Where they cannot be hidden for longer they come again sooner.
    private async Task PutOffAsync(List<Lease> leases)
    {
        foreach (var lease in leases) _book.Drop(lease);
        setup.Log.PassedBy(leases.Count);
        await queue.HideAsync(leases.Where(lease => lease.Receives < setup.Options.MaxReceives), setup.Options.VisibilityTimeout * PassedByFactor);
        foreach (var lease in leases.Where(lease => lease.Receives >= setup.Options.MaxReceives))
            await QuarantineAsync(lease.Body, lease.MessageId, lease.Receives, $"It was received {lease.Receives} times, at last while a consumer failed what came before it.", lease.Receipt);
    }

    // While silos are replaced one by one another may know it: it stays hidden for its time, and then whoever reads the queue receives it.
    private async Task LeaveAsync(Amazon.SQS.Model.Message message, string reason)
    {
        var receives = Lease.ReceivesOf(message);
        setup.Log.Unknown(message.MessageId, receives, reason);
        if (receives >= setup.Options.MaxReceives) await QuarantineAsync(message.Body, message.MessageId, receives, reason, message.ReceiptHandle);
    }

    // What cannot be put aside comes again, until SQS itself gives it up to the same queue.
    private async Task QuarantineAsync(string body, string messageId, int receives, string reason, string receipt)
    {
        try
        {
            await deadLetters.SendAsync(body, messageId, receives, reason);
            await queue.DeleteAsync(receipt);
            setup.Log.Quarantined(messageId, reason);
        }
        catch (Exception failure)
        {
            setup.Log.NotTaken(messageId, failure);
        }
    }

    // An object that stays costs its room until the bucket's own rule deletes it.
    private async Task ForgetAsync(SqsEnvelope envelope)
    {
        if (envelope.ObjectKey is not { } key) return;
        try
        {
            await setup.Messages.ForgetAsync(key);
        }
        catch (Exception failure) when (AwsFailures.IsOne(failure))
        {
            setup.Log.NotForgotten(key, failure);
        }
    }

    private async Task RenewAsync()
    {
        var visibility = setup.Options.VisibilityTimeout;
        using var timer = new PeriodicTimer(visibility / 3, setup.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = setup.Time.GetUtcNow();
                var due = _book.Held.Where(lease => !lease.IsLost && now - lease.RenewedAt >= visibility / 3).OrderBy(static lease => lease.RenewedAt).ToList();
                // What takes longer is tried again in the next round, with what is due by then.
                using var deadline = new CancellationTokenSource(visibility / 3, setup.Time);
                var refused = await queue.HideAsync(due, visibility, deadline.Token);
                foreach (var lease in due.Except(refused)) lease.RenewedAt = now;
                foreach (var lease in refused.Where(lease => now - lease.RenewedAt >= visibility))
                {
                    lease.IsLost = true;
                    setup.Log.LeaseLost(lease.MessageId);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
