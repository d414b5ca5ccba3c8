namespace AgentRuntime.Embedded.Retention;

/// <summary>What was destroyed, or would be.</summary>
/// <param name="Runs">Runs of which only the headers are left.</param>
/// <param name="Records">Records that had a payload.</param>
/// <param name="Bytes">Bytes of salts and payloads in the journal.</param>
/// <param name="Artifacts">Artifacts.</param>
/// <param name="Deferred">Runs that are shown no more and have an artifact that was stored, or stored again, a short time ago; the next time takes them.</param>
internal sealed record PruneResult(long Runs, long Records, long Bytes, long Artifacts, long Deferred)
{
    public static readonly PruneResult Nothing = new(0, 0, 0, 0, 0);

    public static PruneResult operator +(PruneResult a, PruneResult b) =>
        new(a.Runs + b.Runs, a.Records + b.Records, a.Bytes + b.Bytes, a.Artifacts + b.Artifacts, a.Deferred + b.Deferred);
}
