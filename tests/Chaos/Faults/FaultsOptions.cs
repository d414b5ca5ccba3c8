namespace AgentRuntime.Chaos.Faults;

/// <param name="Faults">The campaign goes on until so many were met.</param>
/// <param name="Seed">Which request of which client meets what follows from it.</param>
/// <param name="Plant">The part to break; null for none.</param>
internal sealed record FaultsOptions(int Faults, int Seed, string? Plant);
