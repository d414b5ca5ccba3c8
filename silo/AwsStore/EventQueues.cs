using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Sqs.Queues;
using AgentRuntime.Events;
using Amazon.SQS;

namespace AgentRuntime.AwsStore;

/// <summary>The queues that carry the stream of events.</summary>
internal static class EventQueues
{
    /// <summary>How the names of all queues of a cluster begin.</summary>
    public static string PrefixOf(AwsStoreOptions options) => options.QueuePrefix ?? options.TablePrefix;

    public static void Configure(AwsStoreOptions options, SqsStreamOptions queues)
    {
        queues.QueueNamePrefix = $"{PrefixOf(options)}{EventStreams.Provider}";
        queues.QueueCount = options.EventQueues;
        queues.Tenant = static stream => stream.GetKeyAsString();
    }

    /// <summary>Their names, that of the dead included.</summary>
    public static IEnumerable<string> NamesOf(AwsStoreOptions options)
    {
        var queues = Of(options);
        return Enumerable.Range(0, queues.QueueCount).Select(index => QueueNames.Queue(queues, index)).Append(QueueNames.Dead(queues));
    }

    /// <summary>Creates those that do not exist. Returns their names.</summary>
    /// <exception cref="OrleansConfigurationException">One exists and cannot be used.</exception>
    public static Task<IReadOnlyList<string>> CreateAsync(IAmazonSQS client, AwsStoreOptions options, CancellationToken cancellation) =>
        SqsQueues.CreateAsync(client, Of(options), cancellation);

    /// <exception cref="OrleansConfigurationException">One is missing or cannot be used; the message names it and the fix.</exception>
    public static Task CheckAsync(IAmazonSQS client, AwsStoreOptions options, CancellationToken cancellation) => SqsQueues.CheckAsync(client, Of(options), cancellation);

    private static SqsStreamOptions Of(AwsStoreOptions options)
    {
        var queues = new SqsStreamOptions();
        Configure(options, queues);
        return queues;
    }
}
