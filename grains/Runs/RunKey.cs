using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>A run within its tenant. No port takes a run without its tenant.</summary>
internal readonly record struct RunKey(TenantId Tenant, RunId Run)
{
    public override string ToString() => $"{Tenant}/{Run}";
}
