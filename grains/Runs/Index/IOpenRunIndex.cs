using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Index;

/// <summary>The runs that still owe something. Written only by <see cref="IRunJournal"/>.</summary>
internal interface IOpenRunIndex
{
    /// <summary>Runnable runs whose owner is null or not in <paramref name="liveOwners"/>, oldest first, of this poller's share.</summary>
    Task<IReadOnlyList<RunKey>> FindOrphansAsync(IReadOnlyCollection<string> liveOwners, PollerShare share, int limit, CancellationToken cancellation);

    /// <summary>Runnable runs whose owner is <paramref name="owner"/>, oldest first, without those that <paramref name="isDriven"/>.</summary>
    Task<IReadOnlyList<RunKey>> FindHeldAsync(string owner, Func<RunKey, bool> isDriven, int limit, CancellationToken cancellation);

    /// <summary>Waiting runs that are due at <paramref name="now"/>, the most overdue first, of this poller's share.</summary>
    Task<IReadOnlyList<RunKey>> FindDueAsync(DateTimeOffset now, PollerShare share, int limit, CancellationToken cancellation);
}
