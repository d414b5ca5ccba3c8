using System.Net;

namespace AgentRuntime.Hosting.Tls;

/// <summary>What came of a handshake that was for nothing else.</summary>
/// <param name="Silo">Who was asked.</param>
/// <param name="IsThere">Whether anybody answered.</param>
/// <param name="Refusal">Why there can be no connection; null if there can.</param>
internal sealed record KnockAnswer(IPEndPoint Silo, bool IsThere, Refusal? Refusal)
{
    public bool IsWelcome => IsThere && Refusal is null;
}
