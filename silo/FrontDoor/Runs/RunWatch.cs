using System.Collections.Frozen;
using System.Text;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>
/// Follows a run by reading its journal in short reads; only who wants to hear replies while they come asks the grain, and less and less of one that does not work. What this
/// silo appends is seen at once, what another silo appends at the next poll.
/// </summary>
internal sealed class RunWatch(
    IRunJournal journal, EntryReader reader, RunSignals signals, IGrainFactory grains, IOptions<FrontDoorOptions> options, TimeProvider time)
{
    private const int RecordsPerRead = 128;
    private const int BytesPerRead = 1024 * 1024;

    /// <summary>Then the journal is looked at again: its records say what of the pieces still counts.</summary>
    private const int PiecesPerRead = 64;

    private static readonly FrozenSet<string> Ends = RecordTypes.All
        .Where(type => type.Json.Type == typeof(RunCompleted) || type.Json.Type == typeof(RunFailed) || type.Json.Type == typeof(RunCancelled))
        .Select(type => type.Alias)
        .ToFrozenSet(StringComparer.Ordinal);

    public async Task SendAsync(
        RunKey run, long fromSeq, bool includeDeltas, IServerStreamWriter<V1.WatchRunResponse> target, CancellationToken cancellation)
    {
        await RequireExistsAsync(run, cancellation);
        using var feed = includeDeltas ? new DeltaFeed(grains, run, time) : null;
        try
        {
            await FollowAsync(run, fromSeq, feed, target, cancellation);
        }
        finally
        {
            signals.Leave(run);
        }
    }

    private async Task FollowAsync(
        RunKey run, long fromSeq, DeltaFeed? feed, IServerStreamWriter<V1.WatchRunResponse> target, CancellationToken cancellation)
    {
        var poll = TimeSpan.FromMilliseconds(options.Value.WatchPollMilliseconds);
        var heartbeat = TimeSpan.FromSeconds(options.Value.HeartbeatSeconds);
        // The first word begins the answer, and gives the place at the gate back; where there is nothing to tell it is a heartbeat.
        long? quietSince = null;
        var ended = fromSeq > 0 && await EndsAtAsync(run, fromSeq - 1, cancellation);
        while (true)
        {
            var appended = signals.NextAppend(run);
            var entries = await journal.ReadAsync(run, fromSeq, RecordsPerRead, BytesPerRead, cancellation);
            foreach (var entry in entries)
            {
                var stored = await reader.ReadAsync(entry, cancellation);
                await target.WriteAsync(new V1.WatchRunResponse { Record = ToWire(stored) }, cancellation);
                if (feed?.Note(stored) is { } voided) await target.WriteAsync(new V1.WatchRunResponse { DeltasVoided = voided }, cancellation);
                ended |= IsEnd(stored);
                fromSeq = entry.Seq + 1;
                quietSince = time.GetTimestamp();
            }

            if (entries.Count > 0) continue;
            if (ended) return;
            for (var i = 0; i < PiecesPerRead && feed?.Next() is { } piece; i++)
            {
                await target.WriteAsync(new V1.WatchRunResponse { Delta = ToWire(piece) }, cancellation);
                quietSince = time.GetTimestamp();
            }

            if (quietSince is not { } since || time.GetElapsedTime(since) >= heartbeat)
            {
                await target.WriteAsync(new V1.WatchRunResponse { Heartbeat = new V1.Heartbeat() }, cancellation);
                quietSince = time.GetTimestamp();
            }

            feed?.Renew();
            await Task.WhenAny(appended, Task.Delay(poll, time, cancellation), feed?.WaitAsync(cancellation) ?? appended);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task RequireExistsAsync(RunKey run, CancellationToken cancellation)
    {
        var row = await journal.FindAsync(run, cancellation) ?? throw Missing.Resource("run", run.Run.Value);
        row.RequireNotPruned();
    }

    /// <summary>A client that already has the last record must not wait for another.</summary>
    private async Task<bool> EndsAtAsync(RunKey run, long seq, CancellationToken cancellation)
    {
        var last = await journal.ReadAsync(run, seq, 1, BytesPerRead, cancellation);
        return last is [var entry] && IsEnd(await reader.ReadAsync(entry, cancellation));
    }

    // By alias, because the payload may be erased.
    internal static bool IsEnd(StoredRecord stored) => Ends.Contains(stored.Header.Alias);

    private static V1.Delta ToWire(RunDelta piece) =>
        new() { Step = piece.Step, Attempt = piece.Attempt, Offset = piece.Offset, Text = piece.Text };

    private static V1.RunRecord ToWire(StoredRecord stored) => new()
    {
        Seq = stored.Header.Seq,
        Type = stored.Header.Alias,
        Time = stored.Header.Time.ToTimestamp(),
        Actor = stored.Header.Actor,
        PayloadJson = Encoding.UTF8.GetString(stored.Payload.Span),
        Erased = stored.Record is null,
        HeaderHash = Convert.ToHexStringLower(stored.HeaderHash),
    };
}
