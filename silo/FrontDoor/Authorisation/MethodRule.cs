using System.Collections.Frozen;

namespace AgentRuntime.FrontDoor.Authorisation;

/// <summary>Who may call a method.</summary>
/// <param name="Caller">The kind of credential.</param>
/// <param name="Roles">One of these roles is needed.</param>
internal sealed record MethodRule(CallerKind Caller, FrozenSet<string> Roles);
