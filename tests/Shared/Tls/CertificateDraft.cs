using System.Security.Cryptography.X509Certificates;

namespace AgentRuntime.Testing.Tls;

/// <summary>What a certificate of a process is to say.</summary>
internal sealed record CertificateDraft(params string[] Uris)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    public DateTimeOffset From { get; init; } = TimeProvider.System.GetUtcNow().AddHours(-1);

    public DateTimeOffset Until { get; init; } = TimeProvider.System.GetUtcNow().AddHours(1);

    public IReadOnlyList<string> Uses { get; init; } = [ServerUse, ClientUse];

    public X509KeyUsageFlags Keys { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public bool IsAuthority { get; init; }

    public static CertificateDraft Silo(string cluster) => new($"urn:agentruntime:cluster:{cluster}:silo");

    public static CertificateDraft Client(string cluster) => new($"urn:agentruntime:cluster:{cluster}:client") { Uses = [ClientUse] };
}
