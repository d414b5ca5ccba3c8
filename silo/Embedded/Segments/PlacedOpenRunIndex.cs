using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Embedded.Segments;

/// <summary>
/// The open runs that this silo serves: it never looks for those of others, which it may not drive. Of several stores each gets its turn, so
/// that one with many runs does not keep the others waiting.
/// </summary>
/// <param name="stores">The stores.</param>
/// <param name="narrow">This silo's share of one store, given its share among all silos; null while it has none.</param>
/// <param name="log">Hears of stores that cannot be read.</param>
internal sealed partial class PlacedOpenRunIndex(
    PlacedStores stores, Func<TenantId?, PollerShare, PollerShare?> narrow, ILogger<PlacedOpenRunIndex> log) : IOpenRunIndex
{
    public Task<IReadOnlyList<RunKey>> FindOrphansAsync(
        IReadOnlyCollection<string> liveOwners, PollerShare share, int limit, CancellationToken cancellation) =>
        FindAsync(share, limit, (index, mine) => index.FindOrphansAsync(liveOwners, mine, limit, cancellation));

    public Task<IReadOnlyList<RunKey>> FindHeldAsync(string owner, Func<RunKey, bool> isDriven, int limit, CancellationToken cancellation) =>
        FindAsync(PollerShare.Whole, limit, (index, _) => index.FindHeldAsync(owner, isDriven, limit, cancellation));

    public Task<IReadOnlyList<RunKey>> FindDueAsync(DateTimeOffset now, PollerShare share, int limit, CancellationToken cancellation) =>
        FindAsync(share, limit, (index, mine) => index.FindDueAsync(now, mine, limit, cancellation));

    private async Task<IReadOnlyList<RunKey>> FindAsync(
        PollerShare share, int limit, Func<IOpenRunIndex, PollerShare, Task<IReadOnlyList<RunKey>>> find)
    {
        var found = new List<IReadOnlyList<RunKey>>();
        foreach (var (segment, store) in stores.Served)
        {
            if (narrow(segment, share) is not { } mine) continue;
            try
            {
                found.Add(await find(store.Index, mine));
            }
            catch (AgentRuntimeException failure)
            {
                // The trouble of one tenant is not that of another.
                LogNotRead(failure, segment?.Value ?? "none");
            }
        }

        return found is [var only] ? only : [.. InTurn(found).Take(limit)];
    }

    [LoggerMessage(1, LogLevel.Warning, "The index of open runs of segment {Segment} cannot be read for now.")]
    private partial void LogNotRead(Exception failure, string segment);

    private static IEnumerable<RunKey> InTurn(List<IReadOnlyList<RunKey>> found)
    {
        for (var turn = 0; found.Exists(runs => turn < runs.Count); turn++)
        {
            foreach (var runs in found.Where(runs => turn < runs.Count)) yield return runs[turn];
        }
    }
}
