using System.Text.Json;

namespace AgentRuntime.Chaos.Faults;

/// <param name="Seed">The seed.</param>
/// <param name="Plant">The part that was broken; null for none.</param>
/// <param name="Faults">Faults that requests really met.</param>
/// <param name="ByKind">The same by kind.</param>
/// <param name="Operations">What the workloads did, by workload.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Broken">Invariants that did not hold, by how often.</param>
internal sealed record FaultsReport(
    int Seed, string? Plant, int Faults, IReadOnlyDictionary<string, int> ByKind, IReadOnlyDictionary<string, long> Operations, double Seconds, IReadOnlyDictionary<string, int> Broken)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public override string ToString() =>
        $"{Faults} faults in {Seconds} s: {string.Join(", ", ByKind.Select(kind => $"{kind.Key} {kind.Value}"))}. "
        + (Broken.Count == 0 ? "All held." : $"Broken: {string.Join(", ", Broken.Select(each => $"{each.Key} {each.Value}"))}.");
}
