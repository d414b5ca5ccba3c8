namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Callers who are known by a role of IAM: by a proof, or by the session that they got for one.</summary>
internal sealed class AwsCallers(AwsProofReader proofs, SessionTokens sessions)
{
    /// <summary>Begins the header of a proof, which is good for one call.</summary>
    public const string ProofScheme = "AWS-STS ";

    /// <summary>Header of the answer to a call with a proof: a session.</summary>
    public const string SessionHeader = "x-agentruntime-session";

    private const string SessionScheme = "Session ";

    /// <summary>Who calls; null when the header is of another kind.</summary>
    /// <exception cref="Common.AgentRuntimeException">Unauthenticated: it does not hold. Unavailable: nobody can say now.</exception>
    public async ValueTask<Caller?> FindAsync(HttpContext http, string authorization, string? tenant)
    {
        if (authorization.StartsWith(SessionScheme, StringComparison.OrdinalIgnoreCase)) return sessions.Read(authorization[SessionScheme.Length..].Trim());
        if (!authorization.StartsWith(ProofScheme, StringComparison.OrdinalIgnoreCase)) return null;
        var (role, caller) = await proofs.ReadAsync(authorization[ProofScheme.Length..].Trim(), tenant, http.Connection.RemoteIpAddress, http.RequestAborted);
        http.Response.Headers[SessionHeader] = sessions.Issue(role, caller.Principal);
        return caller;
    }
}
