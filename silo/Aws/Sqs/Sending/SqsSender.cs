using System.Net;
using System.Text;
using System.Threading.Channels;
using AgentRuntime.Aws.Sqs.Queues;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs.Sending;

/// <summary>Sends to one queue, one request at a time: what is published meanwhile goes together in the next.</summary>
internal sealed class SqsSender : IAsyncDisposable
{
    // Of those who wait for one queue; more wait before they are taken.
    private const int MaxWaiting = 1000;
    private const int MaxRequestBytes = 256 * 1024;

    private readonly Channel<Outgoing> _waiting = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly IAmazonSQS _client;
    private readonly string _url;
    private readonly TimeProvider _time;
    private readonly Task _sending;

    public SqsSender(IAmazonSQS client, string url, TimeProvider time)
    {
        (_client, _url, _time) = (client, url, time);
        using (ExecutionContext.SuppressFlow()) _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Completes once SQS has the message.</summary>
    /// <exception cref="AmazonSQSException">SQS does not take it, or not now.</exception>
    public async Task SendAsync(string body)
    {
        var outgoing = new Outgoing(body, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(outgoing);
        await outgoing.Sent.Task;
    }

    /// <summary>Completes once what was taken is sent, or has failed.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAllAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            await SendAsync(TakeBatch());
        }
    }

    private List<Outgoing> TakeBatch()
    {
        List<Outgoing> batch = [];
        var bytes = 0;
        while (batch.Count < QueueRequests.MaxBatch && _waiting.Reader.TryPeek(out var next))
        {
            bytes += Encoding.UTF8.GetByteCount(next.Body);
            if (bytes > MaxRequestBytes && batch.Count > 0) break;
            if (_waiting.Reader.TryRead(out next)) batch.Add(next);
        }

        return batch;
    }

    private async Task SendAsync(List<Outgoing> batch)
    {
        try
        {
            await Entries.RepeatAsync(batch, _time, TrySendAsync, static (outgoing, error) => outgoing.Sent.TrySetException(Refused(error)));
        }
        catch (Exception failure)
        {
            Fail(batch, failure);
        }

        // Nobody waits for an entry that the answer forgot.
        Fail(batch, new InvalidDataException("The answer of SQS says nothing of the message; it may have been sent."));
    }

    private static void Fail(List<Outgoing> batch, Exception failure)
    {
        foreach (var outgoing in batch) outgoing.Sent.TrySetException(failure);
    }

    private async Task<List<BatchResultErrorEntry>?> TrySendAsync(IReadOnlyList<Outgoing> batch)
    {
        var response = await _client.SendMessageBatchAsync(new SendMessageBatchRequest
        {
            QueueUrl = _url,
            Entries = [.. batch.Select(static (outgoing, index) => new SendMessageBatchRequestEntry(Entries.Id(index), outgoing.Body))],
        });
        foreach (var sent in response.Successful ?? []) batch[Entries.Index(sent.Id)].Sent.TrySetResult();
        return response.Failed;
    }

    private static AmazonSQSException Refused(BatchResultErrorEntry error) => new(
        $"SQS does not take the message: {error.Code} {error.Message}", error.SenderFault == true ? ErrorType.Sender : ErrorType.Receiver, error.Code, "", HttpStatusCode.OK);

    private sealed record Outgoing(string Body, TaskCompletionSource Sent);
}
