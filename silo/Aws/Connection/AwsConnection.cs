using AgentRuntime.Aws.Isolation;
using AgentRuntime.Aws.Signing;
using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SQS;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.Connection;

/// <summary>Makes the clients: one HTTP connection pool, one retry policy, one place that says where AWS is and whom this process serves.</summary>
internal sealed class AwsConnection : IDisposable
{
    // A stand-in has no region, but signatures have one.
    private const string StandInRegion = "us-east-1";

    private readonly AwsOptions _options;
    private readonly AwsInstruments _instruments;
    private readonly ILoggerFactory _logs;
    private readonly AwsHttpClients _http;
    private readonly Lazy<TenantSessions>? _sessions;

    public AwsConnection(IOptions<AwsOptions> options, AwsInstruments instruments, ILoggerFactory logs, TimeProvider time)
    {
        (_options, _instruments, _logs) = (options.Value, instruments, logs);
        _http = new AwsHttpClients(_options, instruments);
        if (_options.TenantRole is { } role) _sessions = new(() => new TenantSessions(role, Sts(), time, logs.CreateLogger<TenantSessions>()));
    }

    public AmazonDynamoDBClient DynamoDb()
    {
        var config = Configure(new AmazonDynamoDBConfig(), _options.DynamoDbEndpoint);
        return Gate("DynamoDB", DynamoDbKeys.Read) is { } gate
            ? Make<AmazonDynamoDBClient, AmazonDynamoDBConfig>(config, each => new GatedDynamoDbClient(each, gate), (credentials, each) => new GatedDynamoDbClient(credentials, each, gate))
            : Make(config, static each => new AmazonDynamoDBClient(each), static (credentials, each) => new AmazonDynamoDBClient(credentials, each));
    }

    public AmazonS3Client S3()
    {
        var config = Configure(new AmazonS3Config { ForcePathStyle = _options.S3Endpoint is not null }, _options.S3Endpoint);
        return Gate("S3", ObjectKeys.Read) is { } gate
            ? Make<AmazonS3Client, AmazonS3Config>(config, each => new GatedS3Client(each, gate), (credentials, each) => new GatedS3Client(credentials, each, gate))
            : Make(config, static each => new AmazonS3Client(each), static (credentials, each) => new AmazonS3Client(credentials, each));
    }

    public AmazonSQSClient Sqs() => Make(
        Configure(new AmazonSQSConfig(), _options.SqsEndpoint),
        static config => new AmazonSQSClient(config),
        static (credentials, config) => new AmazonSQSClient(credentials, config));

    /// <summary>EventBridge, of which there is no package.</summary>
    public SignedClient EventBridge() => Make(
        Configure(new SignedConfig("events"), _options.EventBridgeEndpoint),
        static config => new SignedClient(config),
        static (credentials, config) => new SignedClient(credentials, config));

    /// <summary>Sets what all services have in common.</summary>
    public TConfig Configure<TConfig>(TConfig config, Uri? endpoint)
        where TConfig : ClientConfig
    {
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = _options.MaxAttempts - 1;
        config.HttpClientFactory = _http;
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = _options.Region ?? StandInRegion;
        }
        else if (_options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }

    /// <summary>Makes a client with the credentials of the options, or of the SDK's own chain.</summary>
    public TClient Make<TClient, TConfig>(TConfig config, Func<TConfig, TClient> byChain, Func<AWSCredentials, TConfig, TClient> make) =>
        _options.Credentials is { } credentials ? make(credentials, config) : byChain(config);

    public void Dispose()
    {
        if (_sessions is { IsValueCreated: true }) _sessions.Value.Dispose();
        _http.Dispose();
    }

    private AmazonSecurityTokenServiceClient Sts() => Make(
        Configure(new AmazonSecurityTokenServiceConfig(), _options.StsEndpoint),
        static config => new AmazonSecurityTokenServiceClient(config),
        static (credentials, config) => new AmazonSecurityTokenServiceClient(credentials, config));

    // Where all are served with the same credentials there is nothing to look for, and nothing is.
    private TenantGate? Gate(string service, Action<AmazonWebServiceRequest, NamedTenant> read) => _options is { ServesTenant: null, TenantRole: null }
        ? null
        : new TenantGate(service, read, _options, _sessions?.Value, _instruments, _logs.CreateLogger<TenantGate>());
}
