using AgentRuntime.Runs.Index;

namespace AgentRuntime.Runs.Publishing;

/// <summary>
/// The runs whose records subscribers may lack. A run that ends is among them, by the very write that ends it, until <see cref="CloseAsync"/>.
/// </summary>
internal interface IUnpublishedRuns
{
    /// <summary>Runs that have ended and are not closed, of this poller's share: pages of about so many, of each part the oldest first.</summary>
    IAsyncEnumerable<IReadOnlyList<RunMark>> FindEndedAsync(PollerShare share, int pageSize, CancellationToken cancellation);

    /// <summary>Waiting runs of this poller's share, page by page. That of a run whose last record is not known is not in it.</summary>
    IAsyncEnumerable<IReadOnlyList<RunMark>> FindWaitingAsync(PollerShare share, CancellationToken cancellation);

    /// <summary>Says that subscribers have all records of runs that have ended. May be said again.</summary>
    Task CloseAsync(IReadOnlyList<RunKey> runs, CancellationToken cancellation);
}
