namespace AgentRuntime.RedTeam;

/// <summary>What a campaign found. Memory is what the process of silo and attackers holds after full collections; the neighbour is a tenant that works meanwhile.</summary>
internal sealed record FrontDoorReport
{
    /// <summary>What may stay behind of all attacks together: pools and caches of a server that has seen them.</summary>
    public const double MaxGrowthMegabytes = 64;

    /// <summary>What attackers and silo together may take at any time: the largest message, a few times over, and what the collector has not come to yet.</summary>
    public const double MaxPeakGrowthMegabytes = 768;

    public required int Attacks { get; init; }

    public required int Refused { get; init; }

    public required int Accepted { get; init; }

    public string? Plant { get; init; }

    public required double MemoryBeforeMb { get; init; }

    public required double MemoryAfterMb { get; init; }

    /// <summary>The process's peak before the first attack and after the last.</summary>
    public required double PeakBeforeMb { get; init; }

    public required double PeakAfterMb { get; init; }

    public bool MemoryFlat => MemoryAfterMb - MemoryBeforeMb <= MaxGrowthMegabytes && PeakAfterMb - PeakBeforeMb <= MaxPeakGrowthMegabytes;

    public required int NeighbourCalls { get; init; }

    public required int NeighbourFailures { get; init; }

    public required double NeighbourP99Ms { get; init; }

    /// <summary>Ids that are in attacks.txt and were not tried, or the other way round.</summary>
    public required IReadOnlyList<string> Unlisted { get; init; }

    public required IReadOnlyList<string> Missing { get; init; }

    public int ExitCode() => Accepted > 0 || !MemoryFlat || NeighbourFailures > 0 || Unlisted.Count > 0 || Missing.Count > 0 ? 3 : 0;
}
