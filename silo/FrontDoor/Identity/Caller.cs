using AgentRuntime.Common;
using Grpc.Core;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>Who makes a call, as the credential says.</summary>
/// <param name="Principal">The principal.</param>
/// <param name="ExpiresAt">When the credential ends (UTC).</param>
internal sealed record Caller(Principal Principal, DateTimeOffset ExpiresAt)
{
    private static readonly object Key = new();

    /// <summary>The caller's tenant. Methods that need none never ask for it.</summary>
    public TenantId Tenant => Principal.Tenant
        ?? throw new AgentRuntimeException(ErrorCode.PermissionDenied, "credential: speaks for no tenant; use one that does.");

    public static Caller Of(ServerCallContext context) => context.UserState.TryGetValue(Key, out var caller)
        ? (Caller)caller
        : throw new AgentRuntimeException(ErrorCode.Unauthenticated, "credential: missing; send 'authorization: Bearer TOKEN'.");

    public void AttachTo(ServerCallContext context) => context.UserState[Key] = this;
}
