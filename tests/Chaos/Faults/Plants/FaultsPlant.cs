namespace AgentRuntime.Chaos.Faults.Plants;

/// <summary>A part of the providers that is replaced by a broken one, on the way between them and AWS, to see whether the harness notices.</summary>
internal static class FaultsPlant
{
    /// <summary>Grain state is written on condition of its version alone: an own write whose answer was lost is taken for somebody else's.</summary>
    public const string NoWriteId = "no-write-id";

    /// <summary>Messages are deleted when they are received, before anybody has processed them.</summary>
    public const string DeleteFirst = "delete-first";

    /// <summary>What DynamoDB hands back of a batch is forgotten.</summary>
    public const string IgnoreUnprocessed = "ignore-unprocessed";

    public static IReadOnlyList<string> All { get; } = [NoWriteId, DeleteFirst, IgnoreUnprocessed];
}
