using AgentRuntime.Common;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Forks;

/// <summary>Reads the part of a run that a fork takes over.</summary>
internal sealed class ForkSource(JournalAccess access) : IDisposable
{
    /// <summary>Records that are taken over, at most: they are appended together.</summary>
    public const int MaxRecords = JournalAppend.MaxStartEntries - 8;

    /// <summary>Bytes of their payloads, at most.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>Forks that are read at a time on a silo.</summary>
    private const int MaxReads = 2;

    private const int RecordsPerRead = 512;
    private const int BytesPerRead = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _gate = new(MaxReads);

    /// <exception cref="AgentRuntimeException">
    /// NotFound: no such run. InvalidArgument: it has no such seq. FailedPrecondition: a record was erased. LimitExceeded. StorageCorrupted.
    /// </exception>
    public async Task<ForkPrefix> ReadAsync(RunKey parent, long atSeq, CancellationToken cancellation)
    {
        // Each one may hold some hundred MB for a moment.
        await _gate.WaitAsync(cancellation);
        try
        {
            return await ReadPrefixAsync(parent, atSeq, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<ForkPrefix> ReadPrefixAsync(RunKey parent, long atSeq, CancellationToken cancellation)
    {
        if (await access.Journal.FindAsync(parent, cancellation) is { } row) row.RequireNotPruned();
        var part = new ForkPart();
        var head = new byte[HeaderCodec.HashBytes];
        var (last, bytes) = (-1L, 0L);
        while (atSeq < 0 || last < atSeq)
        {
            var entries = await access.Journal.ReadAsync(parent, last + 1, RecordsPerRead, BytesPerRead, cancellation);
            if (entries.Count == 0) break;
            foreach (var entry in entries)
            {
                if (atSeq >= 0 && entry.Seq > atSeq) break;
                var stored = await access.Reader.ReadAsync(entry, cancellation);
                var record = stored.Record ?? throw Erased(parent, entry.Seq);
                if (entry.Seq != last + 1 || !stored.Header.PreviousHash.AsSpan().SequenceEqual(head)) throw Broken(parent, entry.Seq);
                (head, last) = (stored.HeaderHash, entry.Seq);
                if (part.Add(record)) bytes += stored.Payload.Length;
                if (part.Count > MaxRecords || bytes > MaxBytes) throw TooLarge(parent, entry.Seq);
            }
        }

        if (!part.HasBegun) throw new AgentRuntimeException(ErrorCode.NotFound, $"run {parent.Run}: does not exist, so it cannot be forked.");
        return atSeq <= last
            ? part.ToPrefix(last, head)
            : throw new InvalidInputException("at_seq", $"is {atSeq}, but the newest record of run {parent.Run} is {last}.");
    }

    private static AgentRuntimeException Erased(RunKey run, long seq) =>
        new(ErrorCode.FailedPrecondition, $"run {run.Run}: record {seq} was erased, so the run cannot be forked at it or after it.");

    private static AgentRuntimeException Broken(RunKey run, long seq) =>
        new(ErrorCode.StorageCorrupted, $"run {run.Run}: the chain breaks before record {seq}; restore the data folder from a backup.");

    private static AgentRuntimeException TooLarge(RunKey run, long seq) => new(
        ErrorCode.LimitExceeded, $"run {run.Run}: up to record {seq} there is more to take over than {MaxRecords} records or {MaxBytes} bytes. Fork at a lower seq.");
}
