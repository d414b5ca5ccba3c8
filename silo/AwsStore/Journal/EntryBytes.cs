using System.Buffers;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Consecutive entries in one row of bytes: of each the length of its header and the header, then the length of its seal plus one (0: it was
/// erased) and the seal. Seqs follow from the first, which is part of the key.
/// </summary>
internal static class EntryBytes
{
    public static byte[] Encode(IReadOnlyList<JournalEntry> entries, int first, int count)
    {
        var bytes = new ArrayBufferWriter<byte>(Measure(entries, first, count));
        for (var i = first; i < first + count; i++)
        {
            VarInt.Write(bytes, entries[i].Header.Length);
            bytes.Write(entries[i].Header);
            VarInt.Write(bytes, entries[i].Seal is { } seal ? seal.Length + 1 : 0);
            if (entries[i].Seal is { } content) bytes.Write(content);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads entries back, of which there must be <paramref name="count"/>.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static List<JournalEntry> Decode(ReadOnlySpan<byte> bytes, long firstSeq, int count)
    {
        var entries = new List<JournalEntry>(Math.Min(count, JournalAppend.MaxStartEntries));
        for (var seq = firstSeq; seq < firstSeq + count; seq++)
        {
            var header = VarInt.Take(ref bytes, VarInt.Read(ref bytes)).ToArray();
            var sealLength = VarInt.Read(ref bytes) - 1;
            entries.Add(new JournalEntry(seq, header, sealLength < 0 ? null : VarInt.Take(ref bytes, sealLength).ToArray()));
        }

        return bytes.IsEmpty ? entries : throw new InvalidDataException($"{bytes.Length} bytes follow the last record");
    }

    public static int Measure(JournalEntry entry) => entry.Header.Length + (entry.Seal?.Length ?? 0) + 2 * VarInt.MaxBytes;

    private static int Measure(IReadOnlyList<JournalEntry> entries, int first, int count)
    {
        var bytes = 0;
        for (var i = first; i < first + count; i++) bytes += Measure(entries[i]);
        return bytes;
    }
}
