using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;

namespace AgentRuntime.RedTeam.Plants;

/// <summary>Gives everybody who speaks for a tenant all roles there.</summary>
internal sealed class RoleBlindReader(ITokenReader reader) : ITokenReader
{
    public bool IsForLoopback => reader.IsForLoopback;

    public async Task<Caller> ReadAsync(string token)
    {
        var caller = await reader.ReadAsync(token);
        return caller.Principal.Tenant is null ? caller : caller with { Principal = caller.Principal with { Roles = [.. Roles.OfTenants] } };
    }
}
