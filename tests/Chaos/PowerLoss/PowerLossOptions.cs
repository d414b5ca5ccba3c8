namespace AgentRuntime.Chaos.PowerLoss;

internal sealed record PowerLossOptions(int Appends, int Seed, string? Plant, bool Json);

/// <summary>Faults that the harness can plant to show that it would notice them.</summary>
internal static class Plants
{
    /// <summary>Every sync of the store answers and does nothing.</summary>
    public const string NoFsync = "no-fsync";

    /// <summary>Records are appended before the artifacts that they name are written.</summary>
    public const string ArtifactAfterRecord = "artifact-after-record";
}
