namespace AgentRuntime.Testing.Tls;

/// <summary>The files that a process of a cluster is told of.</summary>
internal sealed class ProcessFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-tls-");

    public ProcessFiles(ClusterAuthority authority, CertificateDraft draft)
    {
        Trust(authority);
        Take(authority, draft);
    }

    public string Certificate => Path.Combine(_folder.FullName, "tls.crt");

    public string Key => Path.Combine(_folder.FullName, "tls.key");

    public string Authority => Path.Combine(_folder.FullName, "ca.crt");

    /// <summary>The settings that name them, with a prefix before each.</summary>
    public Dictionary<string, string> Settings(string prefix, string separator) => new()
    {
        [string.Join(separator, prefix, "Certificate", "Path")] = Certificate,
        [string.Join(separator, prefix, "Certificate", "KeyPath")] = Key,
        [string.Join(separator, prefix, "Authority")] = Authority,
    };

    public void Trust(params ClusterAuthority[] authorities) => File.WriteAllText(Authority, string.Join('\n', authorities.Select(each => each.RootPem)));

    public void Take(ClusterAuthority authority, CertificateDraft draft)
    {
        var (certificate, key) = authority.Issue(draft);
        File.WriteAllText(Key, key);
        File.WriteAllText(Certificate, certificate);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
