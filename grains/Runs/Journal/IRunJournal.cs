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

    /// <summary>Row, snapshot and the records after it; null when the run does not exist.</summary>
    Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation);

    /// <summary>Records from <paramref name="fromSeq"/> on, in order: at most <paramref name="maxRecords"/>, and no more once <paramref name="maxBytes"/> are read. Empty when there are none.</summary>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation);

    /// <summary>Changes the owner of an open run if it is <paramref name="expected"/> now. False when it is not.</summary>
    ValueTask<bool> TryChangeOwnerAsync(RunKey run, string? expected, string? owner);

    /// <summary>Destroys salt and payload of one record, leaving its header. False when there is no such record.</summary>
    ValueTask<bool> EraseAsync(RunKey run, long seq);
}
