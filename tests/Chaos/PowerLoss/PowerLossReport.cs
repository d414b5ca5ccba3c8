namespace AgentRuntime.Chaos.PowerLoss;

/// <param name="Records">Records acknowledged in all.</param>
/// <param name="Artifacts">Artifacts acknowledged in all.</param>
/// <param name="Erasures">Erasures acknowledged in all.</param>
/// <param name="Syncs">Syncs in the trace; the power is cut before each, and at the end.</param>
/// <param name="Losses">Rebuilt disks that were opened.</param>
/// <param name="Broken">Names of the invariants that did not hold.</param>
/// <param name="First">The first case of one of them.</param>
internal sealed record PowerLossReport(
    string? Plant, int Seed, int Records, int Artifacts, int Erasures, int Syncs, int Losses, IReadOnlyList<string> Broken, string? First);
