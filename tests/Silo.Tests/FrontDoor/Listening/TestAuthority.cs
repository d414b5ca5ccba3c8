using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentRuntime.Certificates;

namespace AgentRuntime.Silo.Tests.FrontDoor.Listening;

/// <summary>A root that has signed an intermediate, which signs certificates of servers.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _intermediate;

    public TestAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Root = Authority("CN=Test root", rootKey).CreateSelfSigned(From, Until);
        var request = Authority("CN=Test intermediate", _intermediateKey);
        _intermediate = request.Create(Root, From, Until, [1]);
    }

    public X509Certificate2 Root { get; }

    private static DateTimeOffset From => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset Until => TimeProvider.System.GetUtcNow().AddDays(10);

    public void Dispose()
    {
        Root.Dispose();
        _intermediate.Dispose();
        _intermediateKey.Dispose();
    }

    /// <summary>Writes a new certificate for a host, the intermediate after it, and its key.</summary>
    /// <returns>The number by which it can be told from others.</returns>
    public string Issue(CertificateOptions files, string host, DateTimeOffset? from = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(_intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(_intermediateKey), from ?? From, Until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(files.Path!, leaf.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem());
        File.WriteAllText(files.KeyPath!, key.ExportPkcs8PrivateKeyPem());
        return leaf.SerialNumber;
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request;
    }
}
