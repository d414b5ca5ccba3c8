using System.Net;
using System.Threading.Channels;
using AgentRuntime.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentRuntime.FrontDoor.InProcess;

/// <summary>
/// Connections from within this process to its own server, over pipes: they pass the same front door as those from a network. What a
/// network cannot do is say who calls; here the host that opens the connection may, and where it does not, each call shows a credential.
/// </summary>
internal sealed class InProcessTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int MaxWaiting = 1_024;

    private readonly InProcessEndPoint _endPoint = new();
    private readonly Channel<ConnectionContext> _waiting = Channel.CreateBounded<ConnectionContext>(MaxWaiting);
    private long _connections;

    /// <summary>Serves this process, too.</summary>
    public void AddTo(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConnectionListenerFactory>(this);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(_endPoint, listen => listen.Protocols = HttpProtocols.Http2));
    }

    /// <summary>Opens a connection. All that is asked over it is asked by <paramref name="caller"/>.</summary>
    /// <exception cref="IOException">The server has stopped.</exception>
    public ValueTask<Stream> ConnectAsync(Principal caller, CancellationToken cancellation) => OpenAsync(caller, cancellation);

    /// <summary>Opens a connection over which nobody is known: a call is asked by whomever its own credential speaks for.</summary>
    /// <exception cref="IOException">The server has stopped.</exception>
    public ValueTask<Stream> ConnectAsync(CancellationToken cancellation) => OpenAsync(caller: null, cancellation);

    // A process may have several, each with callers of its own.
    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, _endPoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(_waiting, endpoint));

    private async ValueTask<Stream> OpenAsync(Principal? caller, CancellationToken cancellation)
    {
        var (server, client) = DuplexPipe.CreatePair();
        var id = $"{InProcessEndPoint.Host}-{Interlocked.Increment(ref _connections)}";
        try
        {
            await _waiting.Writer.WriteAsync(new InProcessConnection(id, server, client, caller), cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("The runtime in this process has stopped.", closed);
        }

        return new DuplexPipeStream(client);
    }

    private sealed class Listener(Channel<ConnectionContext> waiting, EndPoint endPoint) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await waiting.Reader.WaitToReadAsync(cancellationToken))
                if (waiting.Reader.TryRead(out var connection)) return connection;
            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            waiting.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
