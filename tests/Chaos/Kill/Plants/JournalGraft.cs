using System.Security.Cryptography;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Rewrites an append so that its chain goes on from another header than its writer knew.</summary>
internal static class JournalGraft
{
    /// <summary>The newest record in the store.</summary>
    public static async Task<JournalEntry> HeadAsync(IRunJournal journal, RunKey run)
    {
        var loaded = (await journal.LoadAsync(run, CancellationToken.None))!;
        if (loaded.Entries.Count > 0) return loaded.Entries[^1];
        return (await journal.ReadAsync(run, loaded.SnapshotSeq, 1, int.MaxValue, CancellationToken.None))[0];
    }

    public static JournalAppend Onto(JournalEntry head, JournalAppend append)
    {
        var previous = SHA256.HashData(head.Header);
        var entries = new JournalEntry[append.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var old = HeaderCodec.Decode(append.Entries[i].Header);
            var fields = new HeaderFields(
                old.Run, head.Seq + 1 + i, old.Alias, old.RecordVersion, old.MinReader, old.Time, old.Actor, old.TraceId, old.PayloadLength);
            var header = HeaderCodec.Encode(fields, previous, old.PayloadCommitment);
            entries[i] = new JournalEntry(fields.Seq, header, append.Entries[i].Seal);
            SHA256.HashData(header, previous);
        }

        var row = append.Row is { HeadHash: not null } closed ? closed with { HeadHash = previous } : append.Row;
        return append with { ExpectedSeq = head.Seq + 1, Entries = entries, Row = row, Snapshot = null };
    }
}
