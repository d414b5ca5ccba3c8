using AgentRuntime.Common;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Forks;

/// <summary>Reads the part of a run that a fork takes over.</summary>
internal sealed class ForkSource(JournalAccess access)
{
    /// <summary>Records that are taken over, at most: they are appended together.</summary>
    public const int MaxRecords = JournalAppend.MaxStartEntries - 8;

    /// <summary>Bytes of their payloads, at most.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private const int RecordsPerRead = 512;
    private const int BytesPerRead = 4 * 1024 * 1024;

    /// <exception cref="AgentRuntimeException">
    /// NotFound: no such run. InvalidArgument: it has no such seq. FailedPrecondition: a record was erased. LimitExceeded. StorageCorrupted.
    /// </exception>
    public async Task<ForkPrefix> ReadAsync(RunKey parent, long atSeq)
    {
        RunStarted? start = null;
        var kept = new List<RunRecord>();
        var head = new byte[HeaderCodec.HashBytes];
        var (last, bytes) = (-1L, 0L);
        while (atSeq < 0 || last < atSeq)
        {
            var entries = await access.Journal.ReadAsync(parent, last + 1, RecordsPerRead, BytesPerRead, CancellationToken.None);
            if (entries.Count == 0) break;
            foreach (var entry in entries)
            {
                if (atSeq >= 0 && entry.Seq > atSeq) break;
                var stored = await access.Reader.ReadAsync(entry, CancellationToken.None);
                var record = stored.Record ?? throw Erased(parent, entry.Seq);
                if (entry.Seq != last + 1 || !stored.Header.PreviousHash.AsSpan().SequenceEqual(head)) throw Broken(parent, entry.Seq);
                (head, last) = (stored.HeaderHash, entry.Seq);
                if (record is RunStarted first) start = first;
                if (!ForkPrefix.Takes(record)) continue;
                kept.Add(record);
                bytes += stored.Payload.Length;
                if (kept.Count > MaxRecords || bytes > MaxBytes) throw TooLarge(parent, entry.Seq);
            }
        }

        if (start is null) throw new AgentRuntimeException(ErrorCode.NotFound, $"run {parent.Run}: does not exist, so it cannot be forked.");
        return atSeq <= last
            ? new ForkPrefix(start, last, head, kept)
            : throw new InvalidInputException("at_seq", $"is {atSeq}, but the newest record of run {parent.Run} is {last}.");
    }

    private static AgentRuntimeException Erased(RunKey run, long seq) =>
        new(ErrorCode.FailedPrecondition, $"run {run.Run}: record {seq} was erased, so the run cannot be forked at it or after it.");

    private static AgentRuntimeException Broken(RunKey run, long seq) =>
        new(ErrorCode.StorageCorrupted, $"run {run.Run}: the chain breaks before record {seq}; restore the data folder from a backup.");

    private static AgentRuntimeException TooLarge(RunKey run, long seq) => new(
        ErrorCode.LimitExceeded, $"run {run.Run}: up to record {seq} there is more to take over than {MaxRecords} records or {MaxBytes} bytes. Fork at a lower seq.");
}
