using AgentRuntime.Aws.Sqs.Queues;
using AgentRuntime.Aws.Sqs.Receiving;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>The requests that messages are received, kept, put aside and deleted with.</summary>
internal sealed class StartQueueRequests(IAmazonSQS client, StartQueuePlace place, TimeProvider time)
{
    // SQS's limit, and the cheapest.
    private const int PollSeconds = 20;

    private readonly DeadLetters _dead = new(new QueueRequests(client, place.DeadUrl, time), place.Name);

    public async Task<IReadOnlyList<Message>> ReceiveAsync(int count, CancellationToken cancellation)
    {
        var response = await client.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = place.Url,
                MaxNumberOfMessages = count,
                WaitTimeSeconds = PollSeconds,
                VisibilityTimeout = (int)StartQueuePlace.Visibility.TotalSeconds,
                MessageAttributeNames = ["All"],
                MessageSystemAttributeNames = [MessageSystemAttributeName.ApproximateReceiveCount],
            },
            cancellation);
        return response.Messages ?? [];
    }

    /// <summary>Hides a message for some time from now; none lets it be received at once.</summary>
    public Task HideAsync(Message message, TimeSpan visibility) =>
        client.ChangeMessageVisibilityAsync(new ChangeMessageVisibilityRequest(place.Url, message.ReceiptHandle, (int)Math.Ceiling(visibility.TotalSeconds)));

    public Task DeleteAsync(Message message) => client.DeleteMessageAsync(place.Url, message.ReceiptHandle);

    /// <summary>Puts a message aside, without its credential, and deletes it only then.</summary>
    public async Task BuryAsync(Message message, string reason)
    {
        await _dead.SendAsync(message.Body, message.MessageId, StartMessage.ReceivesOf(message), reason);
        await DeleteAsync(message);
    }
}
