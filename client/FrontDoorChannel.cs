using Grpc.Core;
using Grpc.Net.Client;

namespace AgentRuntime.Client;

/// <summary>Makes channels to a front door.</summary>
internal static class FrontDoorChannel
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    /// <summary>Over a network, with a bearer token for each call.</summary>
    public static GrpcChannel To(AgentRuntimeClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        var (endpoint, token) = (options.Endpoint!, options.Token!);
        var channel = Limited();
        channel.HttpHandler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,

            // A watch is quiet for long; this finds out that its server is gone without a word.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = ConnectPatience,
        };
        channel.DisposeHttpClient = true;

        // Loopback is the only place where the token travels in clear text: the server refuses development tokens elsewhere.
        channel.UnsafeUseInsecureChannelCallCredentials = endpoint.IsLoopback;
        channel.Credentials = ChannelCredentials.Create(
            endpoint.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            CallCredentials.FromInterceptor(async (context, metadata) => metadata.Add("authorization", $"Bearer {await token(context.CancellationToken)}")));
        return GrpcChannel.ForAddress(endpoint, channel);
    }

    /// <summary>Over connections that somebody else opens, and that are good without a token.</summary>
    public static GrpcChannel Over(HttpMessageHandler connections)
    {
        var channel = Limited();
        channel.HttpHandler = connections;
        channel.DisposeHttpClient = true;
        return GrpcChannel.ForAddress("http://localhost", channel);
    }

    private static GrpcChannelOptions Limited() => new() { MaxReceiveMessageSize = MaxMessageBytes, MaxSendMessageSize = MaxMessageBytes };
}
