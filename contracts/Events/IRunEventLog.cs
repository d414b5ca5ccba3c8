namespace AgentRuntime.Events;

/// <summary>
/// A tenant's subscriber of <see cref="EventStreams"/> that has to have every record: what it lacks is read from the journal and published again. Key: the
/// tenant's id.
/// </summary>
[Alias("agentruntime.event.log")]
public interface IRunEventLog : IGrainWithStringKey
{
    /// <summary>The most heads of one call.</summary>
    const int MaxHeads = 512;

    /// <summary>
    /// For each head the first seq of the run that is not durable here: one more than <see cref="RunHead.LastSeq"/>, or higher, where nothing is missing.
    /// </summary>
    /// <param name="heads">At most <see cref="MaxHeads"/>.</param>
    [Alias("find-missing")]
    Task<IReadOnlyList<long>> FindMissingAsync(IReadOnlyList<RunHead> heads);
}
