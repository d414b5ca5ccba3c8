namespace AgentRuntime.Chaos.Kill;

/// <summary>What one campaign does.</summary>
/// <param name="Silos">Silo processes: 1 or 3.</param>
/// <param name="Kills">Moments at which one or all processes get kill -9.</param>
/// <param name="Runs">Runs to start, spread over the kills.</param>
/// <param name="Seed">What is chosen follows from it.</param>
/// <param name="Plant">The part to break; null for none.</param>
/// <param name="MinHits">Fewer hits of a phase are a failure of the harness.</param>
internal sealed record KillOptions(int Silos, int Kills, int Runs, int Seed, string? Plant, int MinHits);
