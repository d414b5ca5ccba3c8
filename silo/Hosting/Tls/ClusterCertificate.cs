using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Certificates;
using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Tls;

/// <summary>The certificate of a process of the cluster, and the authorities that it trusts.</summary>
internal sealed record ClusterCertificate(string Mark, SslStreamCertificateContext Context, X509Certificate2Collection Authorities) : LoadedCertificate(Mark, Context)
{
    private const int MaxAuthorities = 100;
    private const string CertificateKey = $"{ClusterTlsOptions.SectionName}:{nameof(ClusterTlsOptions.Certificate)}";
    private const string AuthorityKey = $"{ClusterTlsOptions.SectionName}:{nameof(ClusterTlsOptions.Authority)}";

    /// <summary>Reads the files, and makes sure that others who have the same settings would accept the certificate.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument: they cannot be used; the message names the key and the fix.</exception>
    public static ClusterCertificate Read(ClusterTlsOptions options, ClusterNames names, PeerRole role, DateTimeOffset now)
    {
        var own = Read(options.Certificate, CertificateKey, now);
        var (mark, authorities) = ReadAuthorities(options.Authority);
        var read = new ClusterCertificate(own.Mark + mark, own.Context, authorities);
        ConnectionSide[] sides = role == PeerRole.Silo ? [ConnectionSide.Accepting, ConnectionSide.Connecting] : [ConnectionSide.Connecting];
        foreach (var side in sides)
        {
            if (read.Judge(side, names.Of(role), now) is { } refusal) throw Wrong($"{CertificateKey}:Path", $"cannot be used: {refusal.Text}. Others would refuse it; get one that fits, or correct the settings in {ClusterTlsOptions.SectionName}");
        }

        return read;
    }

    private Refusal? Judge(ConnectionSide side, string name, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = CertificateRules.Policy(Authorities, side, now) };
        foreach (var between in Context.IntermediateCertificates) chain.ChainPolicy.ExtraStore.Add(between);
        chain.Build(Context.TargetCertificate);
        return CertificateRules.Judge(Context.TargetCertificate, chain, side, name, now);
    }

    private static (string Mark, X509Certificate2Collection Read) ReadAuthorities(string? path)
    {
        if (string.IsNullOrEmpty(path)) throw Wrong(AuthorityKey, "is missing; name the PEM file of the authorities that sign the cluster's certificates");
        try
        {
            var pem = File.ReadAllText(path);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(pem);
            return authorities.Count is > 0 and <= MaxAuthorities ? (MarkOf(pem), authorities) : throw Wrong(AuthorityKey, $"holds {authorities.Count} certificates; it must hold 1 to {MaxAuthorities} in PEM");
        }
        catch (Exception fault) when (IsUnusable(fault))
        {
            throw Wrong(AuthorityKey, $"cannot be used: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Name the PEM file of the authorities");
        }
    }
}
