using AgentRuntime.Aws.Payloads;

namespace AgentRuntime.Aws.Sqs;

/// <summary>One stream provider on standard queues of SQS. Silos and clients of one cluster have the same.</summary>
public sealed class SqsStreamOptions
{
    /// <summary>The default of <see cref="QueueNamePrefix"/>.</summary>
    public const string DefaultQueueNamePrefix = "orleans-stream";

    /// <summary>The most that <see cref="QueueCount"/> may be.</summary>
    public const int MaxQueueCount = 256;

    /// <summary>
    /// Begins the names of the queues: <c>prefix-0</c> and so on, and <c>prefix-dead</c> for what cannot be delivered. 1 to 70 letters, digits, hyphens and
    /// underscores. The queues must exist; a provider of another cluster or name needs others.
    /// </summary>
    public string QueueNamePrefix { get; set; } = DefaultQueueNamePrefix;

    /// <summary>
    /// How many queues there are, 1 to 256. Default 8. More share the work among more silos and cost more polling: each makes at least three requests a
    /// minute. Before it is lowered the queues have to run dry, for those above are then read by nobody.
    /// </summary>
    public int QueueCount { get; set; } = 8;

    /// <summary>
    /// How long a message is hidden from others after it was received or its lease was renewed, from 3 s to 1 h. Default 30 s. It is renewed three times
    /// within that time while the message waits for its consumers. It is also how long the messages of a silo that was killed wait, and how long after
    /// a consumer failed a message comes again; one that it was not given, as it had failed those before, after ten times as long.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a message that a consumer fails, or that is of a version or type which the silos do not know, is received before it goes to the queue of
    /// the dead, 1 to 100. Default 5. Silos of two releases have about that many times <see cref="VisibilityTimeout"/> to be mixed.
    /// </summary>
    public int MaxReceives { get; set; } = 5;

    /// <summary>
    /// How many messages of a queue wait in memory for their consumers before it is not polled any more, 10 to 10,000, and at most 1,000 for each 3 s of
    /// <see cref="VisibilityTimeout"/>, as they all have to be renewed. Default 1,000.
    /// </summary>
    public int CachedMessages { get; set; } = 1000;

    /// <summary>How many bytes of messages of a queue, before compression, wait in memory before it is not polled any more: 1 MiB to 1 GiB. Default 64 MiB.</summary>
    public int CachedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The largest message, before compression, that is sent or read: 256 KiB to 256 MiB. Default 16 MiB. One call of OnNextBatchAsync makes one message.</summary>
    public int MaxMessageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The S3 bucket for messages that are too large for SQS. Default: none, and such a message cannot be sent.</summary>
    public string? Bucket { get; set; }

    /// <summary>The id or ARN of the KMS key that S3 encrypts those messages with. Default: none, and it is left to the bucket.</summary>
    public string? KmsKey { get; set; }

    /// <summary>Keeps messages that are too large for SQS, instead of <see cref="Bucket"/>. Default: none.</summary>
    public IPayloadStore? PayloadStore { get; set; }

    /// <summary>Whose a stream is. Default: all are of the one tenant <see cref="DynamoDBStorageOptions.DefaultTenant"/>.</summary>
    public StreamTenantResolver Tenant { get; set; } = static _ => DynamoDBStorageOptions.DefaultTenant;
}
