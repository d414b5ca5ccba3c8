using System.Net;
using AgentRuntime.Common;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Finds out who makes a call. Anything doubtful is nobody.</summary>
internal sealed class TokenAuthenticator(DevTokenReader tokens)
{
    private const string Scheme = "Bearer ";
    private const string TenantHeader = "x-agentruntime-tenant";

    public async Task<Caller> AuthenticateAsync(ServerCallContext context)
    {
        RequireLoopback(context);
        var header = Single(context, "authorization") ?? throw Refused("missing; send 'authorization: Bearer TOKEN', for example with agentctl login.");
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw Refused("is no bearer token; send 'authorization: Bearer TOKEN'.");
        var caller = await tokens.ReadAsync(header[Scheme.Length..].Trim());
        if (Single(context, TenantHeader) is { } named && named != caller.Principal.Tenant?.Value)
        {
            throw new InvalidInputException(TenantHeader, "names another tenant than the credential; leave it out.");
        }

        return caller;
    }

    /// <summary>The development issuer is no protection against a network.</summary>
    private static void RequireLoopback(ServerCallContext context)
    {
        var connection = context.GetHttpContext().Connection;
        if (IsLoopback(connection.LocalIpAddress) && IsLoopback(connection.RemoteIpAddress)) return;
        throw Refused("development tokens are good on loopback only; connect to 127.0.0.1.");
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static string? Single(ServerCallContext context, string key)
    {
        string? found = null;
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.IsBinary || !string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) throw new InvalidInputException(key, "is sent twice; send it once.");
            found = entry.Value;
        }

        return found;
    }

    private static AgentRuntimeException Refused(string message) => new(ErrorCode.Unauthenticated, $"credential: {message}");
}
