using System.Buffers;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Consecutive entries in one row of bytes: of each the length of its header and the header, then the length of its seal plus one (0: it was
/// erased) and the seal. Lengths have seven bits a byte, the low ones first. Seqs follow from the first, which is part of the key.
/// </summary>
internal static class EntryBytes
{
    private const int MaxLengthBytes = 5;

    public static byte[] Encode(IReadOnlyList<JournalEntry> entries, int first, int count)
    {
        var bytes = new ArrayBufferWriter<byte>(Measure(entries, first, count));
        for (var i = first; i < first + count; i++)
        {
            Write(bytes, entries[i].Header.Length);
            bytes.Write(entries[i].Header);
            Write(bytes, entries[i].Seal is { } seal ? seal.Length + 1 : 0);
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
            var header = Take(ref bytes, ReadLength(ref bytes));
            var sealLength = ReadLength(ref bytes) - 1;
            entries.Add(new JournalEntry(seq, header, sealLength < 0 ? null : Take(ref bytes, sealLength)));
        }

        return bytes.IsEmpty ? entries : throw new InvalidDataException($"{bytes.Length} bytes follow the last record");
    }

    public static int Measure(JournalEntry entry) => entry.Header.Length + (entry.Seal?.Length ?? 0) + 2 * MaxLengthBytes;

    private static int Measure(IReadOnlyList<JournalEntry> entries, int first, int count)
    {
        var bytes = 0;
        for (var i = first; i < first + count; i++) bytes += Measure(entries[i]);
        return bytes;
    }

    private static void Write(ArrayBufferWriter<byte> bytes, int length)
    {
        var left = (uint)length;
        var span = bytes.GetSpan(MaxLengthBytes);
        var used = 0;
        for (; left >= 0x80; left >>= 7) span[used++] = (byte)(left | 0x80);
        span[used++] = (byte)left;
        bytes.Advance(used);
    }

    private static int ReadLength(ref ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        for (var i = 0; i < MaxLengthBytes && i < bytes.Length; i++)
        {
            length |= (long)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) != 0) continue;
            bytes = bytes[(i + 1)..];
            return length <= int.MaxValue ? (int)length : throw new InvalidDataException("a record's length is damaged");
        }

        throw new InvalidDataException("a record is cut off");
    }

    private static byte[] Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (length > bytes.Length) throw new InvalidDataException("a record is cut off");
        var taken = bytes[..length].ToArray();
        bytes = bytes[length..];
        return taken;
    }
}
