using AgentRuntime.Aws.Sqs.Queues;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs;

/// <summary>Creates and checks the queues of a stream provider. Nothing in this library creates a queue unless this is called.</summary>
public static class SqsQueues
{
    /// <summary>
    /// Creates those queues that do not exist: encrypted, kept for 4 days, with the queue of the dead, kept for 14, behind each. What exists is checked and
    /// left as it is. May be called again. SQS asks to wait a second before a new queue is used.
    /// </summary>
    /// <returns>The names of the queues that were created.</returns>
    /// <exception cref="OrleansConfigurationException">A queue exists and cannot be used.</exception>
    public static async Task<IReadOnlyList<string>> CreateAsync(IAmazonSQS client, SqsStreamOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        List<string> created = [];
        var deadUrl = await EnsureAsync(QueueNames.Dead(options), QueueAttributes.Dead());
        var dead = await QueueAttributes.ArnAsync(client, deadUrl, cancellation);
        for (var index = 0; index < options.QueueCount; index++)
        {
            var name = QueueNames.Queue(options, index);
            var url = await EnsureAsync(name, QueueAttributes.Queue(options, dead));
            await QueueAttributes.CheckAsync(client, name, url, dead, cancellation);
        }

        return created;

        async Task<string> EnsureAsync(string name, Dictionary<string, string> attributes)
        {
            if (await FindAsync(client, name, cancellation) is { } url) return url;
            var response = await client.CreateQueueAsync(new CreateQueueRequest(name) { Attributes = attributes }, cancellation);
            created.Add(name);
            return response.QueueUrl;
        }
    }

    /// <summary>Checks that the queues exist and that each gives up on a message to the queue of the dead. Changes nothing.</summary>
    /// <exception cref="OrleansConfigurationException">One is missing or cannot be used; the message names it and the fix.</exception>
    public static async Task CheckAsync(IAmazonSQS client, SqsStreamOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        var dead = await QueueAttributes.ArnAsync(client, await UrlAsync(client, QueueNames.Dead(options), cancellation), cancellation);
        for (var index = 0; index < options.QueueCount; index++)
        {
            var name = QueueNames.Queue(options, index);
            await QueueAttributes.CheckAsync(client, name, await UrlAsync(client, name, cancellation), dead, cancellation);
        }
    }

    internal static async Task<string> UrlAsync(IAmazonSQS client, string name, CancellationToken cancellation) =>
        await FindAsync(client, name, cancellation) ?? throw new OrleansConfigurationException(
            $"The SQS queue '{name}' does not exist. A silo never creates queues: call SqsQueues.CreateAsync with the rights to do so, or correct QueueNamePrefix, QueueCount or the region.");

    internal static async Task<string?> FindAsync(IAmazonSQS client, string name, CancellationToken cancellation)
    {
        try
        {
            return (await client.GetQueueUrlAsync(new GetQueueUrlRequest(name), cancellation)).QueueUrl;
        }
        catch (QueueDoesNotExistException)
        {
            return null;
        }
    }
}
