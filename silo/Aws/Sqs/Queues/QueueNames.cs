using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Queues;

internal static class QueueNames
{
    public static string Queue(SqsStreamOptions options, long index) => FormattableString.Invariant($"{options.QueueNamePrefix}-{index}");

    public static string Queue(SqsStreamOptions options, QueueId queue) => Queue(options, queue.GetNumericId());

    public static string Dead(SqsStreamOptions options) => $"{options.QueueNamePrefix}-dead";
}
