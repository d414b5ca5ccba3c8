using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Every attack on the front door. attacks.txt has their ids.</summary>
internal static class AllAttacks
{
    public static IEnumerable<Attack> Against(Target target) =>
    [
        .. TokenAttacks.Against(target),
        .. DevTokenAttacks.Against(target),
        .. TenantAttacks.Against(target),
        .. RoleAttacks.Against(target),
        .. SizeAttacks.Against(target),
        .. SlowBodyAttacks.Against(target),
        .. UnknownFieldAttacks.Against(target),
        .. StreamAttacks.Against(target),
        .. SlowReaderAttacks.Against(target),
        .. HealthWatchAttacks.Against(target),
        .. IdAttacks.Against(target),
        .. ExistenceAttacks.Against(target),
        .. HostAttacks.Against(target),
        .. TerminalAttacks.Against(target),
    ];
}
