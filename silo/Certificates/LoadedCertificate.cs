using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Certificates;

/// <summary>A certificate as it was read from its files, with those that signed it: whoever connects may know the root alone.</summary>
/// <param name="Mark">Differs where what was read differs.</param>
/// <param name="Context">What connections are given.</param>
internal record LoadedCertificate(string Mark, SslStreamCertificateContext Context)
{
    /// <summary>Until when it is good (UTC).</summary>
    public DateTime Until => Context.TargetCertificate.NotAfter.ToUniversalTime();

    /// <param name="files">Where it is.</param>
    /// <param name="section">The settings that say so, by the name under which errors tell of them.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="AgentRuntimeException">InvalidArgument: the files cannot be used; the message names the key and the fix.</exception>
    public static LoadedCertificate Read(CertificateOptions files, string section, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(files.Path)) throw Wrong($"{section}:Path", "is missing; name the PEM file of the certificate");
        if (string.IsNullOrEmpty(files.KeyPath)) throw Wrong($"{section}:KeyPath", "is missing; name the PEM file of its private key");
        try
        {
            var (pem, keyPem) = (File.ReadAllText(files.Path), File.ReadAllText(files.KeyPath));
            var leaf = X509Certificate2.CreateFromPem(pem, keyPem);
            if (leaf.NotAfter.ToUniversalTime() <= now.UtcDateTime)
                throw Wrong($"{section}:Path", $"is of a certificate that ended on {leaf.NotAfter:yyyy-MM-dd}; get a new one");
            if (leaf.NotBefore.ToUniversalTime() > now.UtcDateTime)
                throw Wrong($"{section}:Path", $"is of a certificate that is good only from {leaf.NotBefore.ToUniversalTime():u}; wait, or set this machine's clock");
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            return new LoadedCertificate(MarkOf(pem + keyPem), SslStreamCertificateContext.Create(leaf, chain, offline: true));
        }
        catch (Exception fault) when (IsUnusable(fault))
        {
            throw Wrong(section, $"cannot be used: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Name the PEM files of a certificate and of its private key");
        }
    }

    /// <summary>Whether a file of certificates or keys that cannot be used fails so.</summary>
    protected static bool IsUnusable(Exception fault) => fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    protected static string MarkOf(string read) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(read)));

    protected static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{key} {what}.");
}
