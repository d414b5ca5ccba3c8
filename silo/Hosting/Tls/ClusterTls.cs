using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AgentRuntime.Certificates;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.Hosting.Tls;

/// <summary>
/// Mutual TLS on the connections of Orleans, as middleware. Each side proves with its certificate that it belongs to the cluster and what it is there; a
/// connection that does not is closed before Orleans sees a byte of it.
/// </summary>
internal sealed class ClusterTls
{
    /// <summary>How soon the files of a renewed certificate are seen.</summary>
    public static readonly TimeSpan LookedAtEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long a handshake may take. Orleans gives a connection as long to open.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    // With TLS 1.3 who connects is done before the other side has looked at its certificate; this byte says that it has, and found it good.
    private static readonly byte[] Welcome = [1];

    private readonly RenewedCertificate<ClusterCertificate> _certificate;
    private readonly ClusterNames _names;
    private readonly HandshakeGate _gate = new();
    private readonly TimeProvider _time;
    private readonly TlsInstruments _instruments;
    private readonly RefusalLog _refusals;

    public ClusterTls(ClusterTlsPlan plan, TimeProvider time, TlsInstruments instruments, RefusalLog refusals, ILogger<ClusterTls> log)
    {
        (_names, _time, _instruments, _refusals) = (plan.Names, time, instruments, refusals);
        _certificate = new RenewedCertificate<ClusterCertificate>(plan.Certificate, plan.Read, LookedAtEvery, time, log);
        instruments.Watch(() => _certificate.Loaded.Until - time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Handshakes that others have begun and not ended.</summary>
    public int HandshakesNow => _gate.Count;

    /// <summary>Serves those who connect and are of that role.</summary>
    public ConnectionDelegate Accept(PeerRole role, ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        await using var tls = new SslStream(new PipeStream(transport));
        var refusal = await WelcomeAsync(connection, tls, role);
        _instruments.Ended(ConnectionSide.Accepting, refusal);
        if (refusal is null)
        {
            await GoOnAsync(connection, tls, next);
            return;
        }

        _refusals.Refused($"from {connection.RemoteEndPoint}", refusal);
        connection.Abort();
    };

    /// <summary>Makes sure that the silo which was reached is one of this cluster.</summary>
    public ConnectionDelegate Connect(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        await using var tls = new SslStream(new PipeStream(transport));
        var refusal = await GreetAsync(tls);
        _instruments.Ended(ConnectionSide.Connecting, refusal);
        if (refusal is null)
        {
            await GoOnAsync(connection, tls, next);
            return;
        }

        var peer = $"to {connection.RemoteEndPoint}";
        _refusals.Refused(peer, refusal);
        connection.Abort();
        throw new ConnectionAbortedException($"The connection {peer} was refused: {refusal.Text}.");
    };

    /// <summary>Makes a connection only to see whether it can be made.</summary>
    public async Task<KnockAnswer> KnockAsync(IPEndPoint silo, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(HandshakeTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo, both.Token);
        }
        catch (Exception fault) when (fault is SocketException || patience.IsCancellationRequested)
        {
            return new KnockAnswer(silo, IsThere: false, Refusal: null);
        }

        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        var refusal = await GreetAsync(tls);
        return new KnockAnswer(silo, IsThere: refusal is not { Reason: Refusal.TooSlow }, refusal);
    }

    private static async Task GoOnAsync(ConnectionContext connection, SslStream tls, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        connection.Transport = new SecuredPipe(tls);
        try
        {
            await next(connection);
        }
        finally
        {
            // Orleans ends this one.
            connection.Transport = transport;
        }
    }

    private async Task<Refusal?> WelcomeAsync(ConnectionContext connection, SslStream tls, PeerRole role)
    {
        using var place = _gate.Enter(connection);
        using var patience = new CancellationTokenSource(HandshakeTimeout, _time);
        var own = _certificate.Current();
        var check = new PeerCheck(_names.Of(role), ConnectionSide.Connecting, _time.GetUtcNow());
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own.Context,
            ClientCertificateRequired = true,
            CertificateChainPolicy = check.Policy(own.Authorities),
            RemoteCertificateValidationCallback = check.Judge,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowTlsResume = false,
            AllowRenegotiation = false,
        };
        try
        {
            await tls.AuthenticateAsServerAsync(options, patience.Token);
            await tls.WriteAsync(Welcome, patience.Token);
            return null;
        }
        catch (Exception fault) when (!IsFatal(fault))
        {
            if (place.WasEvicted) return new Refusal(Refusal.Crowded, $"it was the oldest of {HandshakeGate.Max} handshakes that were not ended");
            return check.Refusal ?? Explain(fault, patience.IsCancellationRequested);
        }
    }

    private async Task<Refusal?> GreetAsync(SslStream tls)
    {
        using var patience = new CancellationTokenSource(HandshakeTimeout, _time);
        var own = _certificate.Current();
        var check = new PeerCheck(_names.Of(PeerRole.Silo), ConnectionSide.Accepting, _time.GetUtcNow());
        var options = new SslClientAuthenticationOptions
        {
            // The certificate tells who the silo is; the address that it was reached by does not.
            TargetHost = "",
            ClientCertificateContext = own.Context,
            CertificateChainPolicy = check.Policy(own.Authorities),
            RemoteCertificateValidationCallback = check.Judge,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowTlsResume = false,
            AllowRenegotiation = false,
        };
        var isPeerGood = false;
        try
        {
            await tls.AuthenticateAsClientAsync(options, patience.Token);
            isPeerGood = true;
            await tls.ReadExactlyAsync(new byte[Welcome.Length], patience.Token);
            return null;
        }
        catch (Exception fault) when (!IsFatal(fault))
        {
            if (check.Refusal is { } refusal) return refusal;
            return isPeerGood && !patience.IsCancellationRequested
                ? new Refusal(Refusal.RefusedThere, "the silo there did not accept this process's certificate; its log says why")
                : Explain(fault, patience.IsCancellationRequested);
        }
    }

    private static bool IsFatal(Exception fault) => fault is OutOfMemoryException;

    private static Refusal Explain(Exception fault, bool isLate) => isLate
        ? new Refusal(Refusal.TooSlow, $"no handshake of TLS within {HandshakeTimeout.TotalSeconds} s")
        : new Refusal(Refusal.NoTls, $"no handshake of mutual TLS came about ({fault.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.')})");
}
