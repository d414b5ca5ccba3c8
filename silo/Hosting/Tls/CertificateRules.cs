using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Tls;

/// <summary>What a certificate must be for its holder to take part: signed by an authority of the cluster, in force, made for this use, and in the cluster's name.</summary>
internal static class CertificateRules
{
    // RFC 5280, section 4.2.1.12.
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    // RFC 5280, section 4.2.1.6: uniformResourceIdentifier.
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>How a chain is built: to these authorities alone, without asking anybody on the network.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, ConnectionSide side, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = now.UtcDateTime,
            ApplicationPolicy = { new Oid(UseOf(side)) },
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Why the certificate is refused; null if it is good.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">Its chain, built with the policy above.</param>
    /// <param name="side">What its holder does in the handshake.</param>
    /// <param name="name">The URI that it must carry.</param>
    /// <param name="now">The time.</param>
    public static Refusal? Judge(X509Certificate2 certificate, X509Chain chain, ConnectionSide side, string name, DateTimeOffset now)
    {
        try
        {
            return Find(certificate, chain, side, name, now);
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException or InvalidOperationException)
        {
            return new Refusal(Refusal.Untrusted, $"{Show(certificate)} is malformed");
        }
    }

    private static Refusal? Find(X509Certificate2 certificate, X509Chain chain, ConnectionSide side, string name, DateTimeOffset now)
    {
        if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime || certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
            return new Refusal(Refusal.Expired, $"{Show(certificate)} is good from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u} only");
        if (!IsForUse(certificate, side))
            return new Refusal(Refusal.WrongUsage, $"{Show(certificate)} is not made for {(side == ConnectionSide.Accepting ? "serverAuth" : "clientAuth")} with digitalSignature");
        if (chain.ChainStatus.Length > 0 || chain.ChainElements.Count == 0)
            return new Refusal(Refusal.Untrusted, $"{Show(certificate)} does not lead to an authority in {ClusterTlsOptions.SectionName}:{nameof(ClusterTlsOptions.Authority)} ({StatusOf(chain)})");
        return UrisOf(certificate).Contains(name, StringComparer.Ordinal) ? null : new Refusal(Refusal.WrongName, $"{Show(certificate)} does not carry the name {name}");
    }

    private static string UseOf(ConnectionSide side) => side == ConnectionSide.Accepting ? ServerUse : ClientUse;

    // One that names no use could be meant for any: doubt means deny.
    private static bool IsForUse(X509Certificate2 certificate, ConnectionSide side) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault() is { } uses
        && uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == UseOf(side))
        && certificate.Extensions.OfType<X509KeyUsageExtension>().SingleOrDefault() is { } keys
        && keys.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
        && !certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static basic => basic.CertificateAuthority);

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            var entries = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (entries.HasData)
            {
                if (entries.PeekTag().HasSameClassAndValue(Uri)) names.Add(entries.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                else entries.ReadEncodedValue();
            }
        }

        return names;
    }

    private static string StatusOf(X509Chain chain) =>
        chain.ChainStatus.Length == 0 ? "no chain" : string.Join(", ", chain.ChainStatus.Select(static status => status.Status).Distinct());

    private static string Show(X509Certificate2 certificate) => $"the certificate of '{Shown.Text(certificate.Subject)}', number {certificate.SerialNumber},";
}
