namespace AgentRuntime.Chaos.Kill;

/// <summary>What one campaign does.</summary>
/// <param name="Silos">Silo processes: 1 or 3.</param>
/// <param name="Kills">Moments at which one or all processes get kill -9.</param>
/// <param name="Runs">Runs to start, spread over the kills.</param>
/// <param name="Seed">What is chosen follows from it.</param>
/// <param name="MinHits">Fewer hits of a phase are a failure of the harness.</param>
internal sealed record KillOptions(int Silos, int Kills, int Runs, int Seed, int MinHits)
{
    public const string EmbeddedStore = "embedded";
    public const string AwsStore = "aws";

    /// <summary>Where the silos keep their state.</summary>
    public string Store { get; init; } = EmbeddedStore;

    /// <summary>The part to break; null for none.</summary>
    public string? Plant { get; init; }

    /// <summary>The folder with this program as an older version of the sources made it: half of all starts run that. Null for none.</summary>
    public string? Old { get; init; }
}
