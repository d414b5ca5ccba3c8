using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentRuntime.Chaos.Kill;

/// <summary>What a campaign found. Resume times run from the kill to the next append of each run that was in flight on what was killed.</summary>
internal sealed record KillReport
{
    /// <summary>The share of runs that must complete, or the campaign has shown nothing.</summary>
    private const double MinOkShare = 0.5;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required int Silos { get; init; }

    public required string Store { get; init; }

    public required int Seed { get; init; }

    public string? Plant { get; init; }

    public required int Kills { get; init; }

    public required int Pauses { get; init; }

    /// <summary>Starts of a silo of the older version.</summary>
    public required int OldStarts { get; init; }

    public required int Interrupted { get; init; }

    public required IReadOnlyDictionary<string, int> PhaseHits { get; init; }

    public required int Runs { get; init; }

    public required int Steps { get; init; }

    public required int Effects { get; init; }

    public required int EffectsExpected { get; init; }

    public required int Lost { get; init; }

    public required int Duplicated { get; init; }

    public required double OkShare { get; init; }

    [JsonPropertyName("resume_p50_s")]
    public required double ResumeP50 { get; init; }

    [JsonPropertyName("resume_p99_s")]
    public required double ResumeP99 { get; init; }

    public required IReadOnlyList<string> Broken { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public override string ToString() =>
        $"{Kills} kills, {Pauses} pauses on {Silos} silos ({Store}): {Runs} runs, {Interrupted} interrupted, {Lost} lost, {Duplicated} duplicated, "
        + $"{Effects} of {EffectsExpected} effects, resumed in {ResumeP50} s (p50), {ResumeP99} s (p99). "
        + (Broken.Count == 0 ? "All held." : $"Broken: {string.Join(", ", Broken)}.");

    /// <summary>0: all held. 3: an invariant broke. 1: too little was tried to say so.</summary>
    public int ExitCode(KillOptions options)
    {
        if (Broken.Count > 0) return 3;
        return Kills < options.Kills || PhaseHits.Values.Any(hits => hits < options.MinHits) || OkShare < MinOkShare ? 1 : 0;
    }
}
