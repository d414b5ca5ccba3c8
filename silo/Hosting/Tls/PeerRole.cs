namespace AgentRuntime.Hosting.Tls;

/// <summary>What the holder of a certificate is in the cluster.</summary>
internal enum PeerRole
{
    Silo,
    Client,
}
