using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Fork;

/// <summary>Broken: a fork begins with the approvals of the run that it was forked from, bound to its own calls.</summary>
internal sealed class InheritingJournal(IRunJournal inner, EntryReader reader, EntryWriter writer) : JournalDecorator(inner)
{
    public const string Plant = "inherit-approval";

    private const int ReadAll = int.MaxValue;

    public override async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (append is not { Start: not null, Entries.Count: > 1 }) return await base.AppendAsync(append);
        var records = await RecordsAsync(append.Entries);
        if (records[1] is not Forked forked) return await base.AppendAsync(append);
        var parent = await Inner.ReadAsync(append.Run with { Run = RunId.Parse(forked.Parent) }, 0, (int)forked.AtSeq + 1, ReadAll, CancellationToken.None);
        var inherited = (await RecordsAsync(parent)).Where(record => record is ApprovalRequested or ApprovalDecided).ToList();
        if (inherited.Count == 0) return await base.AppendAsync(append);
        // The session finds itself fenced at its next append, and reads what it did not write.
        return await base.AppendAsync(append with { Entries = await WriteAsync(append, [.. records, .. inherited]) });
    }

    private async Task<List<RunRecord>> RecordsAsync(IEnumerable<JournalEntry> entries)
    {
        var records = new List<RunRecord>();
        foreach (var entry in entries) records.Add((await reader.ReadAsync(entry, CancellationToken.None)).Record!);
        return records;
    }

    private async Task<List<JournalEntry>> WriteAsync(JournalAppend append, List<RunRecord> records)
    {
        var first = HeaderCodec.Decode(append.Entries[0].Header);
        var entries = new List<JournalEntry>();
        var head = new byte[HeaderCodec.HashBytes];
        for (var seq = 0; seq < records.Count; seq++)
        {
            var fields = new HeaderFields(append.Run, seq, string.Empty, 0, 0, first.Time, first.Actor, first.TraceId, 0);
            entries.Add(await writer.WriteAsync(fields, records[seq], head));
        }

        return entries;
    }
}
