using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Certificates;
using AgentRuntime.Hosting.Tls;
using AgentRuntime.Silo.Tests.Mcp;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Hosting.Tls;

/// <summary>A port where what comes is sent back, behind the middleware of a silo of cluster <c>mine</c>.</summary>
internal sealed class TlsBench : IAsyncDisposable
{
    public const string Cluster = "mine";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _meters = new();
    private readonly ConcurrentQueue<string> _outcomes = new();
    private readonly Log _log = new();
    private WebApplication? _app;

    public TlsBench()
    {
        Files = new ProcessFiles(Authority, CertificateDraft.Silo(Cluster));
        Tls = Secured(Files);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "agentruntime.cluster.handshakes" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => _outcomes.Enqueue((string)tags[1].Value!));
        _meters.Start();
    }

    public ClusterAuthority Authority { get; } = new();

    /// <summary>Those of the silo.</summary>
    public ProcessFiles Files { get; }

    public ClusterTls Tls { get; }

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public int Port { get; } = FreePorts.Take(1)[0];

    /// <summary>How handshakes ended, the oldest first.</summary>
    public IReadOnlyList<string> Outcomes => [.. _outcomes];

    public IReadOnlyList<string> Lines => _log.Lines;

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    /// <summary>The middleware of another process, with the clock of this one.</summary>
    public ClusterTls Secured(ProcessFiles files, string cluster = Cluster, PeerRole role = PeerRole.Silo)
    {
        var options = new ClusterTlsOptions { Certificate = new CertificateOptions { Path = files.Certificate, KeyPath = files.Key }, Authority = files.Authority };
        return new ClusterTls(
            ClusterTlsPlan.Of(options, cluster, role, Time.GetUtcNow()),
            Time,
            new TlsInstruments(_services.GetRequiredService<IMeterFactory>()),
            new RefusalLog(Time, _log),
            NullLogger<ClusterTls>.Instance);
    }

    public async Task ServeAsync(PeerRole role)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Use(_ => Tls.Accept(role, EchoAsync))));
        _app = builder.Build();
        await _app.StartAsync();
    }

    public async Task<TcpClient> ReachAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, Patience);
        return client;
    }

    /// <summary>Connects by hand with a certificate, or with none, that the middleware would not send. True if the silo says welcome and answers.</summary>
    public async Task<bool> IsLetInAsync((string Certificate, string Key)? shown)
    {
        using var client = await ReachAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "",
                    ClientCertificateContext = shown is { } pem ? Context(pem) : null,
                    RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                },
                Patience);
            await tls.WriteAsync("hello"u8.ToArray(), Patience);
            var answer = new byte[6];
            await tls.ReadExactlyAsync(answer, Patience);
            return answer.AsSpan().SequenceEqual("\u0001hello"u8);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Connects through the middleware and lets <paramref name="talk"/> talk.</summary>
    public Task ConnectAsync(ClusterTls tls, Func<ConnectionContext, Task> talk) => ConnectAsync(tls, (connection, _) => talk(connection));

    /// <inheritdoc cref="ConnectAsync(ClusterTls, Func{ConnectionContext, Task})"/>
    public async Task ConnectAsync(ClusterTls tls, Func<ConnectionContext, IDuplexPipe, Task> talk)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port, Patience);
        using var contexts = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        await using var connection = contexts.Create(socket);
        var transport = connection.Transport;
        await tls.Connect(secured => talk(secured, transport))(connection);
    }

    public static SslStreamCertificateContext Context((string Certificate, string Key) pem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem.Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(pem.Certificate, pem.Key), chain, offline: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _meters.Dispose();
        await _services.DisposeAsync();
        Files.Dispose();
        Authority.Dispose();
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync(Patience);
            foreach (var segment in read.Buffer) connection.Transport.Output.Write(segment.Span);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await connection.Transport.Output.FlushAsync(Patience);
            if (read.IsCompleted) return;
        }
    }

    private sealed class Log : ListLogger, ILogger<RefusalLog>;
}
