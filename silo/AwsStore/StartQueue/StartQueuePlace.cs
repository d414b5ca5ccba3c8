using System.Globalization;
using System.Text.Json.Nodes;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Sqs.Queues;
using AgentRuntime.Common;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>The queue from which runs are started and the queue of the dead behind it.</summary>
/// <param name="Name">The queue's name.</param>
/// <param name="Url">Where it is.</param>
/// <param name="DeadUrl">Where what can never start a run is put.</param>
internal sealed record StartQueuePlace(string Name, string Url, string DeadUrl)
{
    /// <summary>How long a message is hidden from other silos while one works on it, unless that is extended; also how long one waits whose silo was killed.</summary>
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);

    // A message that has to wait comes ever later, so that this is hours. What kills each silo that reads it ends here, too.
    private const int MaxReceives = 100;

    // Within SQS's 256 KiB, with the attributes.
    private const int MaxMessageBytes = 256 * 1024;

    public static string DeadName(string name) => $"{name}-dead";

    /// <summary>Creates those of the two that do not exist, and checks what does.</summary>
    /// <returns>The names of those that were created.</returns>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: a queue exists and gives up on messages to another than ours.</exception>
    public static async Task<IReadOnlyList<string>> CreateAsync(IAmazonSQS client, string name, CancellationToken cancellation)
    {
        List<string> created = [];
        var deadUrl = await EnsureAsync(DeadName(name), QueueAttributes.Dead());
        var attributes = QueueAttributes.Living(Visibility, MaxReceives, await QueueAttributes.ArnAsync(client, deadUrl, cancellation));
        attributes[QueueAttributeName.MaximumMessageSize] = MaxMessageBytes.ToString(CultureInfo.InvariantCulture);
        await EnsureAsync(name, attributes);
        await FindAsync(client, name, cancellation);
        return created;

        async Task<string> EnsureAsync(string queue, Dictionary<string, string> wanted)
        {
            if (await SqsQueues.FindAsync(client, queue, cancellation) is { } url) return url;
            created.Add(queue);
            return (await client.CreateQueueAsync(new CreateQueueRequest(queue) { Attributes = wanted }, cancellation)).QueueUrl;
        }
    }

    /// <summary>Finds the two and makes sure that the one gives up on messages to the other. Changes nothing.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: one is missing or cannot be used; the message names it and the fix.</exception>
    public static async Task<StartQueuePlace> FindAsync(IAmazonSQS client, string name, CancellationToken cancellation)
    {
        var place = new StartQueuePlace(name, await UrlAsync(name), await UrlAsync(DeadName(name)));
        var dead = await QueueAttributes.ArnAsync(client, place.DeadUrl, cancellation);
        var target = await QueueAttributes.DeadTargetAsync(client, place.Url, cancellation);
        if (target == dead) return place;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"The SQS queue '{name}' gives up on messages to '{target ?? "no queue"}' and not to '{dead}'. Set its redrive policy to {Policy(dead)}, or name another queue in Aws:StartQueue.");

        async Task<string> UrlAsync(string queue) => await SqsQueues.FindAsync(client, queue, cancellation) ?? throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition, $"The SQS queue '{queue}' does not exist. Run silo -- create-tables, or correct Aws:StartQueue or the region.");
    }

    private static string Policy(string dead) => new JsonObject { ["deadLetterTargetArn"] = dead, ["maxReceiveCount"] = MaxReceives }.ToJsonString();
}
