namespace AgentRuntime.Embedded.Backup;

/// <summary>What was counted while stores were verified.</summary>
/// <param name="Runs">Runs.</param>
/// <param name="OpenRuns">Runs that owe something.</param>
/// <param name="PrunedRuns">Runs of which only the headers are left.</param>
/// <param name="Records">Records, each with its place in the chain and its payload verified.</param>
/// <param name="Artifacts">Payloads that were verified in the artifact store; one that several records share counts once for each.</param>
internal sealed record StoreContents(long Runs, long OpenRuns, long PrunedRuns, long Records, long Artifacts)
{
    public static readonly StoreContents None = new(0, 0, 0, 0, 0);

    public static StoreContents operator +(StoreContents a, StoreContents b) => new(
        a.Runs + b.Runs, a.OpenRuns + b.OpenRuns, a.PrunedRuns + b.PrunedRuns, a.Records + b.Records, a.Artifacts + b.Artifacts);
}
