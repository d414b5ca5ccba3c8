namespace AgentRuntime.Runs.Journal;

/// <summary>
/// The append-only journals of all runs, with each run's row and the approvals inbox changed in the same transaction.
/// Safe for concurrent use, and for several silos at once.
/// </summary>
internal interface IRunJournal
{
    /// <summary>Appends. When it returns <see cref="AppendResult.Appended"/> the records survive power loss.</summary>
    /// <exception cref="AgentRuntime.Common.AgentRuntimeException">
    /// Unavailable or StorageExhausted (transient): nothing was written. The same append may be tried again.
    /// </exception>
    ValueTask<AppendResult> AppendAsync(JournalAppend append);

    /// <summary>A run's row; null when the run does not exist.</summary>
    Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation);

    /// <summary>Row, snapshot and the records after it; null when the run does not exist. Of a pruned one there are headers only.</summary>
    Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation);

    /// <summary>Records from <paramref name="fromSeq"/> on, in order: at most <paramref name="maxRecords"/>, and no more once <paramref name="maxBytes"/> are read. Empty when there are none. Of a pruned run there are headers only.</summary>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation);

    /// <summary>
    /// Changes an open run's row without a record, if its owner is <paramref name="expectedOwner"/> now: hand-over, parking of a run that may not work, and
    /// closing of one whose records have ended already.
    /// False when the owner is another or the run is closed.
    /// </summary>
    ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change);

    /// <summary>Destroys salt and payload of one record, leaving its header. False when there is no such record.</summary>
    ValueTask<bool> EraseAsync(RunKey run, long seq);
}
