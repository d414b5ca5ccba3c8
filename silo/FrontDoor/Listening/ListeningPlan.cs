using System.Collections.Frozen;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using AgentRuntime.Certificates;
using AgentRuntime.Common;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AgentRuntime.FrontDoor.Listening;

/// <summary>Where the front door listens, found safe: in clear text on loopback, and elsewhere only if somebody has said by name who ends TLS.</summary>
internal sealed class ListeningPlan
{
    private const int MaxHosts = 256;
    private static readonly string CertificateKey = Key(nameof(ListeningOptions.Certificate));

    /// <summary>How soon the files of a renewed certificate are seen.</summary>
    public static readonly TimeSpan LookedAtEvery = TimeSpan.FromSeconds(30);

    private readonly LoadedCertificate? _certificate;
    private readonly CertificateOptions? _certificateFiles;
    private readonly string _name;

    private ListeningPlan(IPAddress address, LoadedCertificate? certificate, ListeningOptions options)
    {
        Address = address;
        _certificate = certificate;
        _certificateFiles = options.Certificate;
        var names = NamesOf(address, options.Hosts);
        _name = names.Find(name => certificate?.Context.TargetCertificate.MatchesHostname(name) != false) ?? names[0];
        IsSecure = certificate is not null || options.TlsTerminatedUpstream;
        Hosts = options.Hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public IPAddress Address { get; }

    /// <summary>Whether callers speak TLS, here or with what forwards to here.</summary>
    public bool IsSecure { get; }

    /// <summary>The scheme of the ports themselves.</summary>
    public string Scheme => _certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    /// <summary>The names by which callers call it besides those of loopback.</summary>
    public FrozenSet<string> Hosts { get; }

    /// <param name="options">The settings.</param>
    /// <param name="hasIssuers">Whether issuers vouch for callers; without them the development issuer does, which is no protection on a network.</param>
    /// <param name="now">The time (UTC).</param>
    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong or unsafe; the message names the key and the fix.</exception>
    public static ListeningPlan Of(ListeningOptions options, bool hasIssuers, DateTimeOffset now)
    {
        if (!IPAddress.TryParse(options.Address, out var address)) throw Wrong("Address", $"is '{Shown.Text(options.Address)}'; it must be an IP address, such as 127.0.0.1 or 0.0.0.0");
        if (options.Hosts.Count > MaxHosts || options.Hosts.Any(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
            throw Wrong("Hosts", $"must be at most {MaxHosts} host names without port, such as agents.example.com");
        var certificate = options.Certificate is { } files ? LoadedCertificate.Read(files, CertificateKey, now) : null;
        if (options.TlsTerminatedUpstream && !hasIssuers)
            throw Wrong("TlsTerminatedUpstream", $"is true, where the development issuer is no protection: behind a proxy everybody comes from loopback. Leave it out, or configure an issuer in {Identity.Issuers.IdentityOptions.SectionName}:Issuers");
        if (IPAddress.IsLoopback(address)) return new ListeningPlan(address, certificate, options);
        if (certificate is null && !options.TlsTerminatedUpstream)
        {
            throw Wrong("Address", $"is {address}, where tokens would travel in clear text. Listen on 127.0.0.1, set {Key("Certificate:Path")} and {Key("Certificate:KeyPath")}, "
                + $"or, if a proxy ends TLS and nobody else reaches the silo, set {Key("TlsTerminatedUpstream")} to true");
        }

        if (!hasIssuers) throw Wrong("Address", $"is {address}, where the development issuer is no protection. Listen on 127.0.0.1, or configure an issuer in {Identity.Issuers.IdentityOptions.SectionName}:Issuers");
        if (options.Hosts.Count == 0) throw Wrong("Hosts", $"is empty, but {Key("Address")} is {address}. Name each host by which callers reach it");
        return new ListeningPlan(address, certificate, options);
    }

    /// <summary>Listens for gRPC and for HTTP. Clear-text HTTP/2 and HTTP/1 cannot share a port.</summary>
    public void Listen(KestrelServerOptions kestrel, int grpcPort, int httpPort)
    {
        // Kestrel's own limit would be one for each port.
        var open = ActivatorUtilities.CreateInstance<OpenConnections>(kestrel.ApplicationServices);
        if (_certificate is null)
        {
            Listen(grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            Listen(httpPort, listen => listen.Protocols = HttpProtocols.Http1);
            return;
        }

        var certificate = new RenewedCertificate<LoadedCertificate>(
            _certificate,
            now => LoadedCertificate.Read(_certificateFiles!, CertificateKey, now),
            LookedAtEvery,
            kestrel.ApplicationServices.GetRequiredService<TimeProvider>(),
            kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ListeningPlan>());
        Listen(grpcPort, listen => Secure(listen, certificate, HttpProtocols.Http2, [SslApplicationProtocol.Http2]));
        Listen(httpPort, listen => Secure(listen, certificate, HttpProtocols.Http1AndHttp2, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]));

        void Listen(int port, Action<ListenOptions> configure) => kestrel.Listen(Address, port, listen =>
        {
            listen.Use(open.Bound);
            configure(listen);
        });
    }

    /// <summary>The address of a port for callers on this machine: by a name that the certificate is for, where there is one.</summary>
    public string At(int port) => new UriBuilder(Scheme, _name, port).Uri.GetLeftPart(UriPartial.Authority);

    // Nobody can call the address that stands for all of them, and another than loopback is called by the names that are known.
    private static List<string> NamesOf(IPAddress address, IList<string> hosts)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return ["127.0.0.1", "localhost", .. hosts];
        return IPAddress.IsLoopback(address) ? [address.ToString(), "localhost", .. hosts] : [.. hosts];
    }

    private static void Secure(ListenOptions listen, RenewedCertificate<LoadedCertificate> certificate, HttpProtocols protocols, List<SslApplicationProtocol> offered)
    {
        listen.Protocols = protocols;
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Handshake(certificate, offered)) });
    }

    private static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{Key(key)} {what}.");

    private static SslServerAuthenticationOptions Handshake(RenewedCertificate<LoadedCertificate> certificate, List<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = certificate.Current().Context,
        ApplicationProtocols = protocols,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    };

    private static string Key(string key) => $"{ListeningOptions.SectionName}:{key}";
}
