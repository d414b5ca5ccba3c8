using Amazon.Runtime;

namespace AgentRuntime.Aws;

/// <summary>
/// How this process reaches AWS. One set of options serves every provider of this library; each request is tried again by the SDK, in its standard
/// retry mode, and by nobody else.
/// </summary>
public sealed class AwsOptions
{
    /// <summary>The section of the configuration that these are usually bound to.</summary>
    public const string SectionName = "Aws";

    /// <summary>The most that <see cref="MaxAttempts"/> may be.</summary>
    public const int MaxAttemptsLimit = 10;

    /// <summary>
    /// The region, such as <c>eu-central-1</c>. Default: none, and the SDK's own chain finds it (AWS_REGION, the shared configuration file, the instance).
    /// </summary>
    public string? Region { get; set; }

    /// <summary>Where DynamoDB is, when it is not AWS's own endpoint of the region: a stand-in, or an interface endpoint of a VPC. Default: none.</summary>
    public Uri? DynamoDbEndpoint { get; set; }

    /// <summary>Where S3 is, when it is not AWS's own endpoint of the region. Buckets are then part of the path. Default: none.</summary>
    public Uri? S3Endpoint { get; set; }

    /// <summary>Where SQS is, when it is not AWS's own endpoint of the region. Default: none.</summary>
    public Uri? SqsEndpoint { get; set; }

    /// <summary>Where EventBridge is, when it is not AWS's own endpoint of the region. Default: none.</summary>
    public Uri? EventBridgeEndpoint { get; set; }

    /// <summary>
    /// How often one request is sent at most, 1 to 10. Default 5: with the standard retry mode a request that is always throttled fails within about
    /// 15 s. More ride out longer throttling and keep a caller waiting longer.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// How long one attempt may take until its answer is there whole, from 100 ms to 5 minutes. Default 10 s. Less finds a dead connection sooner; a state
    /// of several megabytes has to be sent within it, and each piece of one that is read has to come within it. A long poll of SQS may take 20 s more.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Who we are for AWS. Default: none, and the SDK's own chain finds it (environment, shared files, web identity, container, instance). A stand-in
    /// takes any, but it has to be given some.
    /// </summary>
    public AWSCredentials? Credentials { get; set; }

    /// <summary>Where STS is, when it is not AWS's own endpoint of the region. Asked only for sessions of <see cref="TenantRole"/>. Default: none.</summary>
    public Uri? StsEndpoint { get; set; }

    /// <summary>
    /// Whether this process serves a tenant, named as the tenant resolvers call it. A request to DynamoDB with a key of a tenant that it does not serve, or to S3 with the
    /// name of such an object, is not sent and fails with <see cref="ForeignTenantException"/>; so does one that names two tenants or whose keys cannot be told, as those of a kind
    /// that the providers do not make. Default: none; any tenant may be named, and unless there is a <see cref="TenantRole"/> nothing is looked at.
    /// </summary>
    public Func<string, bool>? ServesTenant { get; set; }

    /// <summary>
    /// The ARN of a role that this process assumes once for each tenant, with the session tag <c>tenant</c>: requests with keys of a tenant are signed with that session's credentials, so
    /// that a policy bound to the tag lets them reach nobody else's. Requests with keys of nobody's are signed with the process's own. Each tenant costs a request
    /// to STS an hour, and a tenant's first request waits for it. Default: none; the process's own credentials sign all.
    /// </summary>
    public string? TenantRole { get; set; }

    /// <summary>The name that the tenant resolvers give to what belongs to no tenant, if there is such. It is served always, with the process's own credentials. Default: none.</summary>
    public string? NoTenant { get; set; }

    /// <summary>
    /// Wraps what sends a request, once for all services. For proxies and for tests that inject faults. Each attempt passes through it. Default: none.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? WrapHandler { get; set; }
}
