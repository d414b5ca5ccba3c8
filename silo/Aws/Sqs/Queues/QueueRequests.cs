using System.Collections.Concurrent;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.Sqs.Receiving;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs.Queues;

/// <summary>The requests that the messages of one queue are received, kept and deleted with.</summary>
internal sealed class QueueRequests(IAmazonSQS client, string url, TimeProvider time)
{
    /// <summary>SQS's limit of a batch, and of what one request receives.</summary>
    public const int MaxBatch = 10;

    // Batches under way at once. By them 1,000 messages a second are renewed even where an answer takes 150 ms.
    private const int MaxConcurrent = 16;

    // SQS's limit, and the cheapest.
    private const int PollSeconds = 20;

    public async Task<IReadOnlyList<Message>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellation)
    {
        var response = await client.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = url,
                MaxNumberOfMessages = count,
                WaitTimeSeconds = PollSeconds,
                VisibilityTimeout = Seconds(visibility),
                MessageSystemAttributeNames = [MessageSystemAttributeName.ApproximateReceiveCount],
            },
            cancellation);
        return response.Messages ?? [];
    }

    /// <summary>Deletes messages and returns those that it could not, for a reason or for want of an answer.</summary>
    public Task<IReadOnlyList<Lease>> DeleteAsync(IEnumerable<Lease> leases) => EachAsync(leases, async batch =>
        (await client.DeleteMessageBatchAsync(new DeleteMessageBatchRequest
        {
            QueueUrl = url,
            Entries = [.. batch.Select(static (lease, index) => new DeleteMessageBatchRequestEntry(Entries.Id(index), lease.Receipt))],
        })).Failed);

    /// <summary>
    /// Hides messages for some time from now, none to let them be received at once, the first first. Returns those that it could not, or of which it does
    /// not know when <paramref name="deadline"/> is over.
    /// </summary>
    public Task<IReadOnlyList<Lease>> HideAsync(IEnumerable<Lease> leases, TimeSpan visibility, CancellationToken deadline = default) => EachAsync(leases, async batch =>
        (await client.ChangeMessageVisibilityBatchAsync(new ChangeMessageVisibilityBatchRequest
        {
            QueueUrl = url,
            Entries = [.. batch.Select((lease, index) => new ChangeMessageVisibilityBatchRequestEntry(Entries.Id(index), lease.Receipt) { VisibilityTimeout = Seconds(visibility) })],
        }, deadline)).Failed, deadline);

    public Task DeleteAsync(string receipt) => client.DeleteMessageAsync(url, receipt);

    public Task SendAsync(string body, Dictionary<string, MessageAttributeValue> attributes) =>
        client.SendMessageAsync(new SendMessageRequest(url, body) { MessageAttributes = attributes });

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    // One batch that fails or hangs does not keep the next from being tried.
    private async Task<IReadOnlyList<Lease>> EachAsync(
        IEnumerable<Lease> leases, Func<IReadOnlyList<Lease>, Task<List<BatchResultErrorEntry>?>> send, CancellationToken deadline = default)
    {
        var refused = new ConcurrentQueue<Lease>();
        await Parallel.ForEachAsync(leases.Chunk(MaxBatch), new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent }, async (batch, _) =>
        {
            try
            {
                await Entries.RepeatAsync(batch, time, send, (lease, _) => refused.Enqueue(lease), deadline);
            }
            catch (Exception failure) when (AwsFailures.IsOne(failure))
            {
                foreach (var lease in batch) refused.Enqueue(lease);
            }
        });
        return [.. refused.Distinct()];
    }
}
