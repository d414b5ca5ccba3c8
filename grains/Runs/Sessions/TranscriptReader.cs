using System.Collections.Frozen;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Sessions;

/// <summary>Reads what was said in a conversation from the journals of its runs.</summary>
internal sealed class TranscriptReader(IRunJournal journal, EntryReader reader)
{
    /// <summary>Messages shown of one run.</summary>
    public const int MaxMessages = 500;

    /// <summary>Characters shown of one run.</summary>
    public const int MaxChars = 256 * 1024;

    /// <summary>Records of one run that are looked at.</summary>
    public const int MaxRecords = 10_000;

    private static readonly FrozenSet<string> Speech = RecordTypes.All
        .Where(static type => type.Json.Type == typeof(RunStarted) || type.Json.Type == typeof(InputReceived) || type.Json.Type == typeof(ModelReplied))
        .Select(static type => type.Alias)
        .ToFrozenSet(StringComparer.Ordinal);

    private const int RecordsPerRead = 128;
    private const int BytesPerRead = 1024 * 1024;

    /// <summary>
    /// At most <paramref name="limit"/> runs that end with <paramref name="newest"/>, oldest first, and the run before them, null when there
    /// is none. A run that does not exist is left out: its start did not come through. Of one that was pruned it is said that it said something; the
    /// run before it is not known any more.
    /// </summary>
    /// <exception cref="Common.AgentRuntimeException">FailedPrecondition: the newest run was pruned, so that there is nothing to show.</exception>
    public async Task<(IReadOnlyList<TranscriptTurn> Turns, RunId? Before)> ReadAsync(RunKey newest, int limit, CancellationToken cancellation)
    {
        if (await journal.FindAsync(newest, cancellation) is { } row) row.RequireNotPruned();
        var turns = new List<TranscriptTurn>();
        RunId? next = newest.Run;
        while (next is { } run && turns.Count < limit)
        {
            if (await ReadTurnAsync(newest with { Run = run }, cancellation) is not { } turn) break;
            turns.Add(turn);
            next = turn.Previous;
        }

        turns.Reverse();
        return (turns, next);
    }

    /// <summary>What was said in one run; null when it does not exist.</summary>
    private async Task<TranscriptTurn?> ReadTurnAsync(RunKey run, CancellationToken cancellation)
    {
        if (await journal.FindAsync(run, cancellation) is not { } row) return null;
        var (messages, chars, read, previous) = (new List<TranscriptMessage>(), 0L, 0, (string?)null);
        for (long seq = 0;;)
        {
            var entries = await journal.ReadAsync(run, seq, RecordsPerRead, BytesPerRead, cancellation);
            foreach (var entry in entries)
            {
                if (++read > MaxRecords) return Turn(isTruncated: true);
                // Most of what a run records is no speech, and may be large.
                if (!Speech.Contains(HeaderCodec.Decode(entry.Header).Alias)) continue;
                var stored = await reader.ReadAsync(entry, cancellation);
                if (stored.Record is RunStarted { Place: { } place }) previous = place.Previous;
                if (Message(stored) is not { } message) continue;
                chars += message.Text.Length;
                if (messages.Count == MaxMessages || chars > MaxChars) return Turn(isTruncated: true);
                messages.Add(message);
            }

            if (entries.Count == 0) return Turn(isTruncated: false);
            seq = entries[^1].Seq + 1;
        }

        TranscriptTurn Turn(bool isTruncated) =>
            new(run.Run, row.Status, previous is null ? null : RunId.Parse(previous), messages, isTruncated);
    }

    // What an erased record said is gone, and by its type it may have said something.
    private static TranscriptMessage? Message(StoredRecord stored) => stored.Record switch
    {
        RunStarted started => Said(stored, Speaker.User, started.Input),
        InputReceived input => Said(stored, Speaker.User, input.Text),
        ModelReplied { Text: { Length: > 0 } text } => Said(stored, Speaker.Agent, text),
        null when IsOf<RunStarted>(stored) || IsOf<InputReceived>(stored) => Said(stored, Speaker.User, null),
        null when IsOf<ModelReplied>(stored) => Said(stored, Speaker.Agent, null),
        _ => null,
    };

    private static bool IsOf<T>(StoredRecord stored) => RecordTypes.Find(stored.Header.Alias)?.Json.Type == typeof(T);

    private static TranscriptMessage Said(StoredRecord stored, Speaker speaker, string? text) =>
        new(stored.Header.Seq, speaker, text ?? string.Empty, stored.Header.Time, IsErased: text is null);
}

/// <summary>What was said in one run of a conversation.</summary>
internal sealed record TranscriptTurn(RunId Run, RunStatus Status, RunId? Previous, IReadOnlyList<TranscriptMessage> Messages, bool IsTruncated);

/// <summary>Something that was said, and the record that has it.</summary>
internal sealed record TranscriptMessage(long Seq, Speaker Speaker, string Text, DateTimeOffset Time, bool IsErased);
