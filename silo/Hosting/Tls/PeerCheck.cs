using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AgentRuntime.Hosting.Tls;

/// <summary>Looks at the certificate of the other side in one handshake, and keeps why it was refused.</summary>
/// <param name="name">The URI that it must carry.</param>
/// <param name="side">What the other side does.</param>
/// <param name="now">The time.</param>
internal sealed class PeerCheck(string name, ConnectionSide side, DateTimeOffset now)
{
    public Refusal? Refusal { get; private set; }

    public X509ChainPolicy Policy(X509Certificate2Collection authorities) => CertificateRules.Policy(authorities, side, now);

    /// <summary>That the certificate is not for the address is no error here: <see cref="CertificateRules"/> asks for more than an address.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = certificate is X509Certificate2 shown && chain is not null
            ? CertificateRules.Judge(shown, chain, side, name, now) ?? Unexplained(errors)
            : new Refusal(Refusal.NoCertificate, "it showed no certificate");
        return Refusal is null;
    }

    private static Refusal? Unexplained(SslPolicyErrors errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None ? null : new Refusal(Refusal.Untrusted, $"its certificate was not accepted ({errors})");
}
