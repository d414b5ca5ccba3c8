using AgentRuntime.Aws.Signing;
using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.Connection;

/// <summary>Makes the clients: one HTTP connection pool, one retry policy, one place that says where AWS is.</summary>
internal sealed class AwsConnection(IOptions<AwsOptions> options, AwsInstruments instruments) : IDisposable
{
    // A stand-in has no region, but signatures have one.
    private const string StandInRegion = "us-east-1";

    private readonly AwsOptions _options = options.Value;
    private readonly AwsHttpClients _http = new(options.Value, instruments);

    public AmazonDynamoDBClient DynamoDb() => Make(
        Configure(new AmazonDynamoDBConfig(), _options.DynamoDbEndpoint),
        static config => new AmazonDynamoDBClient(config),
        static (credentials, config) => new AmazonDynamoDBClient(credentials, config));

    public AmazonS3Client S3() => Make(
        Configure(new AmazonS3Config { ForcePathStyle = _options.S3Endpoint is not null }, _options.S3Endpoint),
        static config => new AmazonS3Client(config),
        static (credentials, config) => new AmazonS3Client(credentials, config));

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

    public void Dispose() => _http.Dispose();
}
