namespace AgentRuntime.Chaos.Fork;

/// <param name="Plant">The fault that was planted; null for none.</param>
/// <param name="Forks">Forks that were made: two at each record of the parent, one of them live.</param>
/// <param name="Asked">Forks that asked a person.</param>
/// <param name="EffectsUnapproved">Refunds in forks before anybody approved one there.</param>
/// <param name="EffectsApproved">Refunds in forks after one was approved there.</param>
/// <param name="Broken">Names of the invariants that did not hold.</param>
internal sealed record ForkReport(string? Plant, int Forks, int Asked, int EffectsUnapproved, int EffectsApproved, IReadOnlyList<string> Broken);
