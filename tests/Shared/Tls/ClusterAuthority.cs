using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentRuntime.Testing.Tls;

/// <summary>A root whose intermediate signs the certificates of a cluster's processes.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(10);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _between;

    public ClusterAuthority(string name = "test")
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Root = Authority($"CN={name} root", rootKey).CreateSelfSigned(now - Life, now + Life);
        _between = Authority($"CN={name} intermediate", _key).Create(Root, now - Life, now + Life, RandomNumberGenerator.GetBytes(8));
    }

    public X509Certificate2 Root { get; }

    public string RootPem => Root.ExportCertificatePem();

    public void Dispose()
    {
        Root.Dispose();
        _between.Dispose();
        _key.Dispose();
    }

    /// <summary>The certificate with the intermediate after it, and its key, in PEM.</summary>
    public (string Certificate, string Key) Issue(CertificateDraft draft)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=process", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("process.example.com");
        foreach (var uri in draft.Uris) names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(draft.IsAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(draft.Keys, critical: true));
        if (draft.Uses.Count > 0) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. draft.Uses.Select(use => new Oid(use))], critical: false));
        using var leaf = request.Create(_between.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), draft.From, draft.Until, RandomNumberGenerator.GetBytes(8));
        return ($"{leaf.ExportCertificatePem()}\n{_between.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem());
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request;
    }
}
