namespace AgentRuntime.Hosting.Tls;

/// <summary>What the holder of a certificate does in a handshake.</summary>
internal enum ConnectionSide
{
    Accepting,
    Connecting,
}
