using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace AgentRuntime.Client;

/// <summary>Makes channels to a front door.</summary>
internal static class FrontDoorChannel
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>Over a network, with a bearer token for each call.</summary>
    public static GrpcChannel To(AgentRuntimeClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var channel = Limited();

        // Loopback is the only place where the token travels in clear text: the server refuses development tokens elsewhere.
        channel.UnsafeUseInsecureChannelCallCredentials = options.Endpoint.IsLoopback;
        channel.Credentials = ChannelCredentials.Create(
            options.Endpoint.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            CallCredentials.FromInterceptor(async (context, metadata) =>
                metadata.Add("authorization", $"Bearer {await options.Token(context.CancellationToken)}")));
        return GrpcChannel.ForAddress(options.Endpoint, channel);
    }

    /// <summary>Over connections that somebody else opens, and that are good without a token.</summary>
    public static GrpcChannel Over(HttpMessageHandler connections)
    {
        var channel = Limited();
        channel.HttpHandler = connections;
        channel.DisposeHttpClient = true;
        return GrpcChannel.ForAddress("http://localhost", channel);
    }

    private static GrpcChannelOptions Limited() => new()
    {
        MaxReceiveMessageSize = MaxMessageBytes,
        MaxSendMessageSize = MaxMessageBytes,
        ServiceConfig = new ServiceConfig { MethodConfigs = { RetryUnavailable() } },
    };

    private static MethodConfig RetryUnavailable() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromMilliseconds(100),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
