using System.Net;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Finds out who makes a call. Anything doubtful is nobody.</summary>
internal sealed class TokenAuthenticator(ITokenReader tokens, VerifiedTokens verified, TimeProvider time, AwsCallers? aws = null)
{
    private const string Scheme = "Bearer ";
    private const string TenantHeader = "x-agentruntime-tenant";

    /// <summary>Nothing ends the word of the host; watches end by then and go on anew.</summary>
    private static readonly TimeSpan InProcessLifetime = TimeSpan.FromDays(1);

    public async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        if (http.Features.Get<InProcessCaller>() is { } inProcess) return new Caller(inProcess.Principal, time.GetUtcNow() + InProcessLifetime);
        if (tokens.IsForLoopback) RequireLoopback(http.Connection);
        var header = Single(http, "authorization") ?? throw TokenRefusal.Because("missing; send 'authorization: Bearer TOKEN', for example with agentctl login.");
        var named = Single(http, TenantHeader);
        var caller = (aws is null ? null : await aws.FindAsync(http, header, named)) ?? await ReadBearerAsync(header);
        if (named is not null && named != caller.Principal.Tenant?.Value)
        {
            throw new InvalidInputException(TenantHeader, "names another tenant than the credential; leave it out.");
        }

        return caller;
    }

    private ValueTask<Caller> ReadBearerAsync(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        ? verified.ReadAsync(header[Scheme.Length..].Trim())
        : throw TokenRefusal.Because("is no bearer token; send 'authorization: Bearer TOKEN'.");

    private static void RequireLoopback(ConnectionInfo connection)
    {
        if (IsLoopback(connection.LocalIpAddress) && IsLoopback(connection.RemoteIpAddress)) return;
        throw TokenRefusal.Because("development tokens are good on loopback only; connect to 127.0.0.1.");
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    // Two headers of one name arrive apart or joined by a comma, as intermediaries like; neither a token nor an id holds one.
    private static string? Single(HttpContext http, string key)
    {
        var values = http.Request.Headers[key];
        if (values.Count == 0) return null;
        return values is [{ } value] && !value.Contains(',', StringComparison.Ordinal)
            ? value
            : throw new InvalidInputException(key, "is sent twice; send it once.");
    }
}
