using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.SQS;

namespace AgentRuntime.Aws.Sqs.Queues;

/// <summary>What queues are created with and checked for.</summary>
internal static class QueueAttributes
{
    // SQS counts from when a message was first sent: a dead message needs longer than a living one.
    private const string FourDays = "345600";
    private const string FourteenDays = "1209600";

    // SQS buries what kills the silo before that can say why. A silo that is only handed over receives a message again, too.
    private const int SparedReceives = 10;

    public static Dictionary<string, string> Dead() => new()
    {
        [QueueAttributeName.MessageRetentionPeriod] = FourteenDays,
        [QueueAttributeName.SqsManagedSseEnabled] = "true",
    };

    public static Dictionary<string, string> Queue(SqsStreamOptions options, string deadArn) => Living(options.VisibilityTimeout, options.MaxReceives + SparedReceives, deadArn);

    public static Dictionary<string, string> Living(TimeSpan visibility, int maxReceives, string deadArn) => new()
    {
        [QueueAttributeName.MessageRetentionPeriod] = FourDays,
        [QueueAttributeName.SqsManagedSseEnabled] = "true",
        [QueueAttributeName.VisibilityTimeout] = Math.Ceiling(visibility.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        [QueueAttributeName.RedrivePolicy] = new JsonObject
        {
            ["deadLetterTargetArn"] = deadArn,
            ["maxReceiveCount"] = maxReceives,
        }.ToJsonString(),
    };

    public static async Task<string> ArnAsync(IAmazonSQS client, string url, CancellationToken cancellation) =>
        (await client.GetQueueAttributesAsync(url, [QueueAttributeName.QueueArn], cancellation)).QueueARN;

    /// <summary>Where a queue gives up on messages to; null when it never does.</summary>
    public static async Task<string?> DeadTargetAsync(IAmazonSQS client, string url, CancellationToken cancellation)
    {
        var found = (await client.GetQueueAttributesAsync(url, [QueueAttributeName.RedrivePolicy], cancellation)).Attributes;
        var policy = found is not null && found.TryGetValue(QueueAttributeName.RedrivePolicy, out var text) ? JsonNode.Parse(text) : null;
        return policy?["deadLetterTargetArn"]?.GetValue<string>();
    }

    /// <exception cref="OrleansConfigurationException">A message that nobody can deliver would come again and again.</exception>
    public static async Task CheckAsync(IAmazonSQS client, string name, string url, string deadArn, CancellationToken cancellation)
    {
        var target = await DeadTargetAsync(client, url, cancellation);
        if (target == deadArn) return;
        throw new OrleansConfigurationException(
            $"The SQS queue '{name}' gives up on messages to '{target ?? "no queue"}' and not to '{deadArn}'. Set its redrive policy, or name another QueueNamePrefix.");
    }
}
