using Amazon.Runtime;

namespace AgentRuntime.Aws.Connection;

/// <summary>Gives every client of the SDK the same HTTP client, and so the same pool of connections.</summary>
internal sealed class AwsHttpClients : HttpClientFactory, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    // Endpoints of AWS change their addresses; a connection that lives on would not notice.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;

    public AwsHttpClients(AwsOptions options, AwsInstruments instruments)
    {
        HttpMessageHandler sockets = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
        };
        var sender = options.WrapHandler is { } wrap ? wrap(sockets) : sockets;
        // The deadline outermost: whoever else reads an answer does so in its time.
        _client = new HttpClient(new AttemptDeadline(new AttemptCounter(sender, instruments), options.AttemptTimeout)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
