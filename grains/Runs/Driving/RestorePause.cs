using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Pauses open runs of a store that was restored, before any silo has seen them: whoever it was taken from may have gone on with them. A person
/// lets each go on; from then on its at-most-once calls ask first.
/// </summary>
internal sealed class RestorePause(IRunJournal journal, EntryWriter writer, RunRestored restored, TimeProvider time)
{
    public const string Reason = "restored";

    /// <summary>Whether these records, the last of a run, were written by a pause like this one: again changes nothing.</summary>
    public static bool IsMade(IReadOnlyList<JournalEntry> newest) =>
        newest is [.., var first, var second]
        && RecordTypes.Find(HeaderCodec.Decode(first.Header).Alias) == RecordTypes.Of<RunRestored>()
        && RecordTypes.Find(HeaderCodec.Decode(second.Header).Alias) == RecordTypes.Of<RunPaused>();

    /// <param name="row">The run's row.</param>
    /// <param name="newest">Its last record.</param>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: somebody else writes to the run.</exception>
    public async Task AppendAsync(RunRow row, JournalEntry newest)
    {
        var head = SHA256.HashData(newest.Header);
        var trace = HeaderCodec.Decode(newest.Header).TraceId;
        RunRecord[] records = [restored, new RunPaused(Actors.Runtime, Reason)];
        var entries = new JournalEntry[records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            var fields = new HeaderFields(row.Key, newest.Seq + 1 + i, string.Empty, 0, 0, time.GetUtcNow(), Actors.Runtime, trace, 0);
            entries[i] = await writer.WriteAsync(fields, records[i], head);
        }

        var result = await journal.AppendAsync(new JournalAppend(row.Key, newest.Seq + 1, entries)
        {
            RunNo = row.RunNo,
            Row = new RowChange(RunStatus.Paused, OpenState.Waiting, WakeAt: null, Owner: null),
        });
        if (result is AppendResult.Appended) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition, $"Run {row.Key} was changed while its store is being restored: a silo serves the store, or it is restored twice at once. Stop the other, then restore again.");
    }
}
