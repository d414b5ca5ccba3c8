using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Certificates;
using AgentRuntime.FrontDoor.Listening;
using AgentRuntime.Testing;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Listening;

/// <summary>Real connections to ports that listen as the plan says, from clients that trust one root and know nothing else.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Host = "agents.example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-");
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly int[] _ports = FreePorts.Take(2);
    private CertificateOptions _files = null!;
    private WebApplication _app = null!;

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async ValueTask InitializeAsync()
    {
        _files = new CertificateOptions { Path = Path.Combine(_folder.FullName, "tls.crt"), KeyPath = Path.Combine(_folder.FullName, "tls.key") };
        _authority.Issue(_files, Host);
        var plan = ListeningPlan.Of(new ListeningOptions { Certificate = _files, Hosts = { Host } }, hasIssuers: true, _time.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => plan.Listen(kestrel, _ports[0], _ports[1]));
        _app = builder.Build();
        _app.MapGrpcHealthChecksService();
        _app.MapGet("/v1", (HttpContext http) => Results.Json(new { http.Request.Protocol }));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Client_ThatTrustsTheRootAlone_IsServedOnBothPorts()
    {
        using var handler = Handler(_authority.Root);
        using var channel = GrpcChannel.ForAddress($"https://{Host}:{_ports[0]}", new GrpcChannelOptions { HttpHandler = handler });
        Assert.NotNull(await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Patience));
        using var http = new HttpClient(handler, disposeHandler: false);
        Assert.Equal("""{"protocol":"HTTP/1.1"}""", await http.GetStringAsync(new Uri($"https://{Host}:{_ports[1]}/v1"), Patience));
        using var second = new HttpClient(handler, disposeHandler: false) { DefaultRequestVersion = HttpVersion.Version20 };
        Assert.Equal("""{"protocol":"HTTP/2"}""", await second.GetStringAsync(new Uri($"https://{Host}:{_ports[1]}/v1"), Patience));
    }

    [Fact]
    public async Task Client_OfAnotherNameOrRoot_BreaksOff()
    {
        using var stranger = new TestAuthority();
        await BreaksOffAsync("other.example.com", _authority.Root, "RemoteCertificateNameMismatch");
        await BreaksOffAsync(Host, stranger.Root, "errors in the certificate chain");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Client_OfTls11_IsRefused(int port)
    {
        Assert.Equal((22, 2), await GreetAsync(_ports[port], 0x0303));
        Assert.Equal((21, 70), await GreetAsync(_ports[port], 0x0302));
    }

    [Fact]
    public async Task Connection_AfterTheCertificateWasRenewed_GetsTheNewOne()
    {
        var old = await SerialAsync();
        var renewed = _authority.Issue(_files, Host);
        Assert.Equal(old, await SerialAsync());
        _time.Advance(ListeningPlan.LookedAtEvery);
        Assert.Equal(renewed, await SerialAsync());
    }

    private async Task BreaksOffAsync(string host, X509Certificate2 root, string reason)
    {
        using var handler = Handler(root);
        using var http = new HttpClient(handler);
        foreach (var port in _ports)
        {
            var fault = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"https://{host}:{port}/v1"), Patience));
            Assert.Contains(reason, Assert.IsType<AuthenticationException>(fault.InnerException).Message, StringComparison.Ordinal);
        }
    }

    private static SocketsHttpHandler Handler(X509Certificate2 root) => new()
    {
        SslOptions = { CertificateChainPolicy = Trusting(root) },
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static X509ChainPolicy Trusting(X509Certificate2 root) =>
        new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    private async Task<string> SerialAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _ports[0], Patience);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = Trusting(_authority.Root) }, Patience);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    /// <summary>Says hello by hand, for the libraries of today no longer say it so, and tells the type of the answer and its code: (22, 2) is a hello, (21, 70) the version refused.</summary>
    private static async Task<(int Type, int Code)> GreetAsync(int port, ushort version)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Patience);
        var stream = client.GetStream();
        await stream.WriteAsync(Hello(version), Patience);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, Patience);
        return (answer[0], answer[0] == 21 ? answer[6] : answer[5]);
    }

    private static byte[] Hello(ushort version)
    {
        // ECDHE-ECDSA with AES-GCM, which begins with TLS 1.2, and with AES-CBC, which was there before.
        byte[] suites = [0xC0, 0x2B, 0xC0, 0x09];
        byte[] extensions =
        [
            0, 10, 0, 4, 0, 2, 0, 23, // groups: P-256
            0, 11, 0, 2, 1, 0, // points: uncompressed
            0, 13, 0, 4, 0, 2, 4, 3, // signatures: ECDSA with SHA-256
            0, 16, 0, 5, 0, 3, 2, (byte)'h', (byte)'2', // protocols: h2
        ];
        byte[] body = [.. Two(version), .. RandomNumberGenerator.GetBytes(32), 0, .. Two(suites.Length), .. suites, 1, 0, .. Two(extensions.Length), .. extensions];
        return [22, 3, 1, .. Two(body.Length + 4), 1, 0, .. Two(body.Length), .. body];
    }

    private static byte[] Two(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
