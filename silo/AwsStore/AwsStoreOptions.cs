using AgentRuntime.AwsStore.Artifacts;

namespace AgentRuntime.AwsStore;

/// <summary>Where the state of a cluster lies in AWS, and how it is reached.</summary>
internal sealed class AwsStoreOptions
{
    public const string SectionName = "Aws";

    /// <summary>The region, such as <c>eu-central-1</c>. Default: the SDK's own chain finds it, as it does credentials.</summary>
    public string? Region { get; set; }

    /// <summary>Where DynamoDB is when it is not AWS's own endpoint of the region: a stand-in, or an interface endpoint. https, or http on loopback.</summary>
    public Uri? DynamoDbEndpoint { get; set; }

    /// <summary>Where S3 is when it is not AWS's own endpoint of the region. https, or http on loopback.</summary>
    public Uri? S3Endpoint { get; set; }

    /// <summary>Where SQS is when it is not AWS's own endpoint of the region. https, or http on loopback.</summary>
    public Uri? SqsEndpoint { get; set; }

    /// <summary>Where EventBridge is when it is not AWS's own endpoint of the region. https, or http on loopback.</summary>
    public Uri? EventBridgeEndpoint { get; set; }

    /// <summary>Where STS is when it is not AWS's own endpoint of the region; asked for sessions of <see cref="TenantRole"/>. https, or http on loopback.</summary>
    public Uri? StsEndpoint { get; set; }

    /// <summary>
    /// The ARN of a role that silos assume for each tenant, so that IAM binds requests to the tenant's keys; for Tenancy:Mode segmented. Default: none, and the silo's own credentials
    /// sign all that it sends. It costs a request to STS a tenant, silo and hour.
    /// </summary>
    public string? TenantRole { get; set; }

    /// <summary>How often one request is sent at most, 1 to 10. Default 5. More ride out longer throttling and keep callers waiting longer.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long one attempt may take, from 100 ms to 5 minutes. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Begins the name of each table: 1 to 100 of a-z, A-Z, 0-9, '_', '-' and '.'. Default <c>agentruntime-</c>. Each cluster has tables of its own.</summary>
    public string TablePrefix { get; set; } = "agentruntime-";

    /// <summary>Begins the name of each queue: 1 to 60 of a-z, A-Z, 0-9, '_' and '-'. Default: <see cref="TablePrefix"/>, which then may have no '.'.</summary>
    public string? QueuePrefix { get; set; }

    /// <summary>
    /// Queues that carry the stream of events, 1 to 256, default 8. The events of one tenant go through one of them. Each makes three requests a minute while
    /// nothing happens. Let them run dry before there are fewer.
    /// </summary>
    public int EventQueues { get; set; } = 8;

    /// <summary>The S3 bucket for content that is too large for a record or a grain's state. Required.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>The id or ARN of the KMS key that S3 encrypts artifacts with. Default: what the bucket does by itself.</summary>
    public string? KmsKey { get; set; }

    /// <summary>
    /// Locks artifacts against deletion as long as their tenant keeps runs of such data: <c>none</c>, <c>governance</c> or <c>compliance</c>, which nobody can
    /// lift before its time. Default none. The bucket must have Object Lock.
    /// </summary>
    public ArtifactLockMode ObjectLock { get; set; }

    /// <summary>Days that a lock lasts at most, and that what is kept for ever is locked: 1 to 36,500. Default 3,650. More protects longer and cannot be taken back.</summary>
    public int ObjectLockMaxDays { get; set; } = 3_650;

    /// <summary>
    /// The SQS queue from whose messages runs are started, 1 to 75 letters, digits, '-' and '_'; what can start none is put into the queue of that name with
    /// <c>-dead</c>. It needs an issuer that vouches for senders. Default: none. A silo that reads it makes three requests a minute while nothing comes.
    /// </summary>
    public string? StartQueue { get; set; }

    /// <summary>
    /// The bus of EventBridge, by name or ARN, that is told when runs start and end and when approvals are asked for, decided and expire. It must exist. Default:
    /// none. All silos of a cluster name the same.
    /// </summary>
    public string? EventBus { get; set; }

    /// <summary>
    /// Parts of the index of open runs, 1 to 256, default 64. It is fixed when the tables are created. Each part takes about 1,000 starts of runs a second and
    /// costs one read unit a second while nothing happens.
    /// </summary>
    public int OpenRunParts { get; set; } = Journal.JournalTable.DefaultOpenShards;
}
