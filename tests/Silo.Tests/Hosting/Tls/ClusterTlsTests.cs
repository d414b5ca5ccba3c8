using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Hosting.Tls;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Tls;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.Silo.Tests.Hosting.Tls;

/// <summary>Real connections to the middleware, and from it.</summary>
public sealed class ClusterTlsTests : IAsyncDisposable
{
    private readonly TlsBench _bench = new();

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Connect_ToASiloOfTheCluster_CarriesMuchBothWays()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var files = new ProcessFiles(_bench.Authority, CertificateDraft.Silo(TlsBench.Cluster));
        var sent = RandomNumberGenerator.GetBytes(3_000_001);
        var received = new MemoryStream();
        await _bench.ConnectAsync(_bench.Secured(files), async connection =>
        {
            var writing = connection.Transport.Output.WriteAsync(sent, Patience);
            while (received.Length < sent.Length)
            {
                var read = await connection.Transport.Input.ReadAsync(Patience);
                foreach (var segment in read.Buffer) received.Write(segment.Span);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            }

            await writing;
        });
        Assert.Equal(sent, received.ToArray());
        Assert.Equal(["ok", "ok"], _bench.Outcomes);
        Assert.Empty(_bench.Lines);
    }

    [Fact]
    public async Task Connect_ThatIsCancelledByTheTransport_EndsTheReader()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var files = new ProcessFiles(_bench.Authority, CertificateDraft.Silo(TlsBench.Cluster));
        var ended = await Assert.ThrowsAsync<IOException>(() => _bench.ConnectAsync(_bench.Secured(files), async (connection, transport) =>
        {
            var reading = connection.Transport.Input.ReadAsync(Patience);
            transport.Input.CancelPendingRead();
            await reading;
        }));
        Assert.IsType<OperationCanceledException>(ended.InnerException);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "foreign", Refusal.Untrusted },
        { "other cluster", Refusal.WrongName },
        { "client", Refusal.WrongName },
        { "no name", Refusal.WrongName },
        { "expired", Refusal.Expired },
        { "not yet", Refusal.Expired },
        { "server only", Refusal.WrongUsage },
        { "any use", Refusal.WrongUsage },
        { "no signature", Refusal.WrongUsage },
        { "authority", Refusal.WrongUsage },
        { "none", Refusal.NoCertificate },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Accept_OfWhomIsNotASiloOfTheCluster_RefusesAndTellsWhy(string kind, string reason)
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var foreign = new ClusterAuthority("foreign");

        Assert.False(await _bench.IsLetInAsync(kind == "none" ? null : (kind == "foreign" ? foreign : _bench.Authority).Issue(Draft(kind))));

        await Eventually.TrueAsync(() => Task.FromResult(_bench.Outcomes.Count == 1), "the handshake has ended");
        Assert.Equal(reason, Assert.Single(_bench.Outcomes));
        Assert.Contains("from 127.0.0.1:", Assert.Single(_bench.Lines), StringComparison.Ordinal);
        Assert.True(await _bench.IsLetInAsync(_bench.Authority.Issue(CertificateDraft.Silo(TlsBench.Cluster))));
    }

    [Fact]
    public async Task Accept_AtTheGateway_IsForClientsAlone()
    {
        await _bench.ServeAsync(PeerRole.Client);
        Assert.True(await _bench.IsLetInAsync(_bench.Authority.Issue(CertificateDraft.Client(TlsBench.Cluster))));
        Assert.False(await _bench.IsLetInAsync(_bench.Authority.Issue(CertificateDraft.Silo(TlsBench.Cluster))));
    }

    [Theory]
    [InlineData("foreign", Refusal.Untrusted)]
    [InlineData("other cluster", Refusal.WrongName)]
    [InlineData("client", Refusal.WrongUsage)]
    [InlineData("expired", Refusal.Expired)]
    public async Task Connect_ToWhomIsNotASiloOfTheCluster_RefusesAndTellsWhy(string kind, string reason)
    {
        using var foreign = new ClusterAuthority("foreign");
        using var files = new ProcessFiles(_bench.Authority, CertificateDraft.Silo(TlsBench.Cluster));
        using var listener = new TcpListener(IPAddress.Loopback, _bench.Port);
        listener.Start();
        var serving = ServeByHandAsync(listener, (kind == "foreign" ? foreign : _bench.Authority).Issue(Draft(kind)));

        var refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => _bench.ConnectAsync(_bench.Secured(files), _ => Task.CompletedTask));

        await serving;
        Assert.Equal(reason, Assert.Single(_bench.Outcomes));
        Assert.Contains("process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithACertificateThatIsRefusedThere_SaysSo()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var files = new ProcessFiles(_bench.Authority, CertificateDraft.Client(TlsBench.Cluster));
        var refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => _bench.ConnectAsync(_bench.Secured(files, role: PeerRole.Client), _ => Task.CompletedTask));
        Assert.Contains("did not accept this process's certificate", refused.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Outcomes.Count == 2), "both sides have ended");
        Assert.Equal([Refusal.RefusedThere, Refusal.WrongName], _bench.Outcomes.Order());
    }

    [Fact]
    public async Task Accept_OfWhatIsNoTls_RefusesAtOnce()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var client = await _bench.ReachAsync();
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Patience);
        Assert.True(await IsClosedAsync(client));
        Assert.Equal(Refusal.NoTls, Assert.Single(_bench.Outcomes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Accept_OfOneThatStopsInTheMiddle_EndsItInTime(int bytes)
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var client = await _bench.ReachAsync();
        // The head of a greeting that promises 512 bytes.
        byte[] hello = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, .. new byte[49]];
        await client.GetStream().WriteAsync(hello.AsMemory(0, bytes), Patience);
        Assert.True(await _bench.IsLetInAsync(_bench.Authority.Issue(CertificateDraft.Silo(TlsBench.Cluster))));
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Tls.HandshakesNow == 1), "the handshake has begun");

        _bench.Time.Advance(ClusterTls.HandshakeTimeout);

        Assert.True(await IsClosedAsync(client));
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Tls.HandshakesNow == 0), "its place is free");
        Assert.Equal(["ok", Refusal.TooSlow], _bench.Outcomes);
    }

    [Fact]
    public async Task Accept_OfManyThatSayNothing_LetsInWhomMeansIt()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        var silent = new List<TcpClient>();
        for (var each = 0; each < HandshakeGate.Max + 40; each++) silent.Add(await _bench.ReachAsync());

        Assert.True(await _bench.IsLetInAsync(_bench.Authority.Issue(CertificateDraft.Silo(TlsBench.Cluster))));

        await Eventually.TrueAsync(() => Task.FromResult(_bench.Outcomes.Count(outcome => outcome == Refusal.Crowded) >= 41), "the oldest made room");
        Assert.True(_bench.Tls.HandshakesNow <= HandshakeGate.Max);
        Assert.True(await IsClosedAsync(silent[0]));
        Assert.Equal(RefusalLog.MaxLines, _bench.Lines.Count);
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Accept_AfterTheFilesChanged_TakesTheNewOnesAndKeepsOpenConnections()
    {
        await _bench.ServeAsync(PeerRole.Silo);
        using var next = new ClusterAuthority("next");
        using var files = new ProcessFiles(_bench.Authority, CertificateDraft.Silo(TlsBench.Cluster));
        var old = _bench.Secured(files);
        await _bench.ConnectAsync(old, async connection =>
        {
            await EchoesAsync(connection);
            _bench.Files.Trust(next);
            Assert.False(await IsLetInLaterAsync(next), "a certificate that the process's own authority did not sign is not taken");
            _bench.Files.Take(next, CertificateDraft.Silo(TlsBench.Cluster));
            Assert.True(await IsLetInLaterAsync(next));
            Assert.False(await IsLetInLaterAsync(_bench.Authority));
            await EchoesAsync(connection);
        });
    }

    private async Task<bool> IsLetInLaterAsync(ClusterAuthority authority)
    {
        _bench.Time.Advance(ClusterTls.LookedAtEvery);
        return await _bench.IsLetInAsync(authority.Issue(CertificateDraft.Silo(TlsBench.Cluster)));
    }

    private static async Task EchoesAsync(ConnectionContext connection)
    {
        await connection.Transport.Output.WriteAsync("still here"u8.ToArray(), Patience);
        var read = await connection.Transport.Input.ReadAtLeastAsync(10, Patience);
        Assert.Equal("still here"u8.ToArray(), read.Buffer.ToArray());
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
    }

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            var rest = new byte[1024];
            while (await client.GetStream().ReadAsync(rest, Patience) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task ServeByHandAsync(TcpListener listener, (string Certificate, string Key) shown)
    {
        using var client = await listener.AcceptTcpClientAsync(Patience);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = TlsBench.Context(shown) }, Patience);
            await IsClosedAsync(client);
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It was refused.
        }
    }

    private static CertificateDraft Draft(string kind)
    {
        var good = CertificateDraft.Silo(TlsBench.Cluster);
        var now = TimeProvider.System.GetUtcNow();
        return kind switch
        {
            "other cluster" => CertificateDraft.Silo("other"),
            "client" => CertificateDraft.Client(TlsBench.Cluster),
            "no name" => good with { Uris = [] },
            "expired" => good with { Until = now.AddMinutes(-1) },
            "not yet" => good with { From = now.AddMinutes(30) },
            "server only" => good with { Uses = ["1.3.6.1.5.5.7.3.1"] },
            "any use" => good with { Uses = [] },
            "no signature" => good with { Keys = X509KeyUsageFlags.NonRepudiation },
            "authority" => good with { IsAuthority = true },
            _ => good,
        };
    }
}
