using AgentRuntime.Aws.Connection;
using AgentRuntime.Common;
using Amazon.SQS.Model;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>
/// Starts runs from the messages of the queue while the silo serves. A message is deleted after its run has become durable and not before: of a silo that is
/// killed in between it comes again, and its request id makes it the same run.
/// </summary>
internal sealed class StartConsumer(StartQueueRequests queue, StartCaller caller, StartQueueLog log, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    /// <summary>Messages at work at a time. Other silos take what this one leaves.</summary>
    public const int MaxAtWork = 32;

    // SQS's limit of what one request receives.
    private const int MaxReceived = 10;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How long calls may go on when the silo stops.</summary>
    private static readonly TimeSpan LastCalls = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly SemaphoreSlim _places = new(MaxAtWork);
    private readonly Patience _patience = new(time);
    private Task _work = Task.CompletedTask;

    // The front door has to be open.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _work = ReadAsync();
        return Task.CompletedTask;
    }

    // While the front door still is.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(LastCalls);
        await _work.WaitAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stop.Dispose();
        _giveUp.Dispose();
        _places.Dispose();
    }

    private async Task ReadAsync()
    {
        List<Task> atWork = [];
        try
        {
            while (true)
            {
                await _patience.WaitAsync(_stop.Token);
                foreach (var message in await ReceiveAsync()) atWork.Add(HandleAsync(message));
                atWork.RemoveAll(static work => work.IsCompleted);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }

        await Task.WhenAll(atWork);
    }

    // Each message takes a place, which is given back when it has been handled.
    private async Task<IReadOnlyList<Message>> ReceiveAsync()
    {
        await _places.WaitAsync(_stop.Token);
        var taken = 1;
        while (taken < MaxReceived && _places.Wait(0)) taken++;
        IReadOnlyList<Message> messages = [];
        try
        {
            messages = await queue.ReceiveAsync(taken, _stop.Token);
        }
        catch (Exception failure) when (AwsFailures.IsOne(failure) && !_stop.IsCancellationRequested)
        {
            log.NotReceived(failure);
            _patience.Pause(AfterFailure);
        }
        finally
        {
            if (taken > messages.Count) _places.Release(taken - messages.Count);
        }

        return messages;
    }

    // Never throws: a message that cannot be handled leaves the others of its batch alone, and comes again.
    private async Task HandleAsync(Message message)
    {
        try
        {
            await ServeAsync(message);
        }
        catch (Exception failure)
        {
            log.NotHandled(message.MessageId, failure);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task ServeAsync(Message message)
    {
        switch (await StartAsync(message))
        {
            case StartOutcome.Started:
                _patience.Relax();
                log.Started(message.MessageId);
                await queue.DeleteAsync(message);
                break;
            case StartOutcome.Refused refused:
                _patience.Relax();
                await queue.BuryAsync(message, refused.Reason);
                log.Refused(message.MessageId, refused.Reason);
                break;
            case StartOutcome.Later later:
                if (later.IsOverload) _patience.Lose();
                log.Left(message.MessageId, later.Reason);
                await queue.HideAsync(message, Patience.UntilNext(StartMessage.ReceivesOf(message)));
                break;
            default:
                // The silo stops; another may have it at once.
                await queue.HideAsync(message, TimeSpan.Zero);
                break;
        }
    }

    /// <summary>Null when the silo stops first.</summary>
    private async Task<StartOutcome?> StartAsync(Message message)
    {
        try
        {
            var start = caller.StartAsync(StartMessage.Read(message), _giveUp.Token);
            await KeepAsync(message, start);
            return await start;
        }
        catch (InvalidInputException invalid)
        {
            return new StartOutcome.Refused(invalid.Message);
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Hides the message from other silos until the call has ended. If that fails they may get it, too: it is the same run for them.</summary>
    private async Task KeepAsync(Message message, Task start)
    {
        while (!start.IsCompleted)
        {
            using (var ended = new CancellationTokenSource())
            {
                var due = await Task.WhenAny(start, Task.Delay(StartQueuePlace.Visibility / 3, time, ended.Token));
                await ended.CancelAsync();
                if (due == start) return;
            }

            try
            {
                await queue.HideAsync(message, StartQueuePlace.Visibility);
            }
            catch (Exception failure) when (AwsFailures.IsOne(failure))
            {
                log.NotKept(message.MessageId, failure);
            }
        }
    }
}
