using System.Security.Cryptography;
using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Durable records of a run, by their headers alone.</summary>
internal sealed record AppendedRecords(RunKey Run, string Agent, long FirstSeq, byte[][] Headers)
{
    public long LastSeq => FirstSeq + Headers.Length - 1;

    public static AppendedRecords Of(RunKey run, string agent, IReadOnlyList<JournalEntry> entries)
    {
        var headers = new byte[entries.Count][];
        for (var i = 0; i < headers.Length; i++) headers[i] = entries[i].Header;
        return new AppendedRecords(run, agent, entries[0].Seq, headers);
    }

    public RunEvents ToEvents() => new(Run.Run.Value, Agent, Array.ConvertAll(Headers, static header =>
    {
        var read = HeaderCodec.Decode(header);
        return new RunEvent(read.Seq, read.Alias, read.Time, SHA256.HashData(header));
    }));
}
