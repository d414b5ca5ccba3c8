namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Reads bearer tokens: those of the development issuer, or of the configured ones; never both.</summary>
internal interface ITokenReader
{
    /// <summary>Whether its tokens are good on loopback connections only.</summary>
    bool IsForLoopback { get; }

    /// <summary>Who sent the token.</summary>
    /// <exception cref="Common.AgentRuntimeException">Unauthenticated: the token is not good. Unavailable: nobody can say now.</exception>
    Task<Caller> ReadAsync(string token);
}
