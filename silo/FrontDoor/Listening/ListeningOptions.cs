using AgentRuntime.Certificates;

namespace AgentRuntime.FrontDoor.Listening;

/// <summary>Where the front door listens and how it is called.</summary>
internal sealed class ListeningOptions
{
    public const string SectionName = FrontDoorOptions.SectionName;

    /// <summary>IP address of both ports. Default 127.0.0.1. Any that is not loopback needs <see cref="Certificate"/> or <see cref="TlsTerminatedUpstream"/>, an issuer, and <see cref="Hosts"/>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Certificate of both ports. Default none: clear text.</summary>
    public CertificateOptions? Certificate { get; set; }

    /// <summary>Says that whatever forwards to this silo ends TLS and that nobody else reaches it. Default no.</summary>
    public bool TlsTerminatedUpstream { get; set; }

    /// <summary>Names, without port, by which callers call it besides those of loopback. Default none. A request for any other name is refused.</summary>
    public IList<string> Hosts { get; } = [];
}
