using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Tls;

/// <summary>The URIs by which certificates name the members of one cluster.</summary>
internal sealed record ClusterNames(string Silo, string Client)
{
    private const int MaxLength = 256;

    /// <exception cref="AgentRuntimeException">InvalidArgument: a name is none, or would not tell a silo from a client.</exception>
    public static ClusterNames Of(ClusterTlsOptions options, string clusterId)
    {
        var names = new ClusterNames(Name(nameof(options.SiloName), options.SiloName, clusterId), Name(nameof(options.ClientName), options.ClientName, clusterId));
        return names.Silo != names.Client ? names : throw Wrong(nameof(options.ClientName), "is the same as SiloName, so that every client would be a silo. Give each a name of its own");
    }

    public string Of(PeerRole role) => role == PeerRole.Silo ? Silo : Client;

    private static string Name(string key, string pattern, string clusterId)
    {
        var name = pattern.Replace(ClusterTlsOptions.ClusterMark, clusterId, StringComparison.Ordinal);
        return name.Length <= MaxLength && name.All(char.IsAscii) && Uri.IsWellFormedUriString(name, UriKind.Absolute)
            ? name
            : throw Wrong(key, $"is '{Shown.Text(name)}'; it must be a URI of at most {MaxLength} characters, such as urn:agentruntime:cluster:{ClusterTlsOptions.ClusterMark}:silo");
    }

    private static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{ClusterTlsOptions.SectionName}:{key} {what}.");
}
