using AgentRuntime.Approvals;

namespace AgentRuntime.Runs.Journal;

/// <summary>
/// What one append writes, all of it or nothing. It succeeds only if <see cref="ExpectedSeq"/> is free and the seq before it is not:
/// that fences a second activation without clocks. The bytes of its headers commit to random salts, so an append whose answer was lost is
/// recognised by reading back and comparing headers; they are its write id.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="ExpectedSeq">Seq of the first entry.</param>
/// <param name="Entries">Consecutive records, 1 to <see cref="MaxEntries"/>; 1 to <see cref="MaxStartEntries"/> when a run begins.</param>
internal sealed record JournalAppend(RunKey Run, long ExpectedSeq, IReadOnlyList<JournalEntry> Entries)
{
    public const int MaxEntries = 256;

    /// <summary>A fork begins with what it takes over, all of it or nothing.</summary>
    public const int MaxStartEntries = 16 * 1024;

    /// <summary>The store's number of the run, from <see cref="AppendResult.Appended"/> or <see cref="LoadedRun"/>; 0 when it starts.</summary>
    public long RunNo { get; init; }

    /// <summary>Set exactly when <see cref="ExpectedSeq"/> is 0: makes the run's row.</summary>
    public NewRun? Start { get; init; }

    /// <summary>How the run's row changes; null when it does not (every ordinary step).</summary>
    public RowChange? Row { get; init; }

    /// <summary>Rows of the approvals inbox to write whole.</summary>
    public IReadOnlyList<ApprovalView> Inbox { get; init; } = [];

    /// <summary>Bounded control state after <see cref="ExpectedSeq"/> + count - 1, replacing the older one; null for none.</summary>
    public byte[]? Snapshot { get; init; }
}
