using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Entries without what follows from the rest: of a header that comes out the same when it is made anew its tenant, run, seq, payload length and the payload's
/// commitment are left out, and its link where the record before lies in the same item. What is random stays as it is, the texts are compressed together.
/// Four bytes of the header's hash tell whether it came out as it was; the chain tells the rest.
/// </summary>
internal static class CompactEntries
{
    private const int CheckBytes = 4;
    private const int TimeBytes = 6;
    private const int TraceBytes = 16;
    private const int MaxTextBytes = 2 * AppendSize.MaxBytes;

    [Flags]
    private enum Parts : byte
    {
        /// <summary>Header and seal as they are.</summary>
        Verbatim = 0,
        Made = 1,
        HasTrace = 2,
        IsLinked = 4,
        IsErased = 8,
    }

    public static byte[] Encode(RunKey run, IReadOnlyList<JournalEntry> entries)
    {
        var fixedPart = new ArrayBufferWriter<byte>();
        var texts = new ArrayBufferWriter<byte>();
        byte[]? before = null;
        foreach (var entry in entries)
        {
            if (TryRead(run, entry) is { } header) WriteMade(fixedPart, texts, header, entry, before);
            else WriteVerbatim(fixedPart, texts, entry);
            before = SHA256.HashData(entry.Header);
        }

        var all = new ArrayBufferWriter<byte>(fixedPart.WrittenCount + texts.WrittenCount);
        VarInt.Write(all, fixedPart.WrittenCount);
        all.Write(fixedPart.WrittenSpan);
        all.Write(RecordTexts.Compress(texts.WrittenSpan));
        return all.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static List<JournalEntry> Decode(RunKey run, ReadOnlySpan<byte> bytes, long firstSeq, int count)
    {
        var fixedPart = VarInt.Take(ref bytes, VarInt.Read(ref bytes));
        ReadOnlySpan<byte> texts = RecordTexts.Decompress(bytes, MaxTextBytes);
        var entries = new List<JournalEntry>(Math.Min(count, JournalAppend.MaxStartEntries));
        for (var seq = firstSeq; seq < firstSeq + count; seq++)
        {
            var parts = (Parts)VarInt.Take(ref fixedPart, 1)[0];
            var before = entries.Count == 0 ? null : SHA256.HashData(entries[^1].Header);
            entries.Add((parts & Parts.Made) != 0
                ? ReadMade(run, seq, parts, before, ref fixedPart, ref texts)
                : new JournalEntry(
                    seq,
                    VarInt.Take(ref texts, VarInt.Read(ref fixedPart)).ToArray(),
                    (parts & Parts.IsErased) != 0 ? null : VarInt.Take(ref texts, VarInt.Read(ref fixedPart)).ToArray()));
        }

        return fixedPart.IsEmpty && texts.IsEmpty ? entries : throw new InvalidDataException("bytes follow the last record");
    }

    /// <summary>The header if it can be made anew of the entry; null when it has to be kept.</summary>
    private static RecordHeader? TryRead(RunKey run, JournalEntry entry)
    {
        if (entry.Seal is not [SealForm.Inline, ..] || entry.Seal.Length < SealForm.PrefixBytes || entry.Header is not [HeaderCodec.Form, ..]) return null;
        try
        {
            var header = HeaderCodec.Decode(entry.Header);
            return Make(run, entry.Seq, header, header.PreviousHash, entry.Seal).AsSpan().SequenceEqual(entry.Header) ? header : null;
        }
        catch (AgentRuntimeException)
        {
            return null;
        }
    }

    private static byte[] Make(RunKey run, long seq, RecordHeader header, ReadOnlySpan<byte> previousHash, byte[] seal)
    {
        var fields = new HeaderFields(run, seq, header.Alias, header.RecordVersion, header.MinReader, header.Time, header.Actor, header.TraceId, seal.Length - SealForm.PrefixBytes);
        return HeaderCodec.Encode(fields, previousHash, SHA256.HashData(seal.AsSpan(1)));
    }

    private static void WriteMade(ArrayBufferWriter<byte> fixedPart, ArrayBufferWriter<byte> texts, RecordHeader header, JournalEntry entry, byte[]? before)
    {
        var hasTrace = header.TraceId != default;
        var isLinked = before is not null && header.PreviousHash.AsSpan().SequenceEqual(before);
        fixedPart.Write([(byte)(Parts.Made | (hasTrace ? Parts.HasTrace : 0) | (isLinked ? Parts.IsLinked : 0))]);
        VarInt.Write(fixedPart, header.RecordVersion);
        VarInt.Write(fixedPart, header.MinReader);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, header.Time.ToUnixTimeMilliseconds());
        fixedPart.Write(time[(8 - TimeBytes)..]);
        if (hasTrace)
        {
            header.TraceId.CopyTo(fixedPart.GetSpan(TraceBytes)[..TraceBytes]);
            fixedPart.Advance(TraceBytes);
        }

        if (!isLinked) fixedPart.Write(header.PreviousHash);
        fixedPart.Write(entry.Seal.AsSpan(1, SealForm.SaltBytes));
        fixedPart.Write(SHA256.HashData(entry.Header).AsSpan(0, CheckBytes));
        WriteText(fixedPart, texts, Encoding.UTF8.GetBytes(header.Alias));
        WriteText(fixedPart, texts, Encoding.UTF8.GetBytes(header.Actor));
        WriteText(fixedPart, texts, entry.Seal.AsSpan(SealForm.PrefixBytes));
    }

    private static void WriteVerbatim(ArrayBufferWriter<byte> fixedPart, ArrayBufferWriter<byte> texts, JournalEntry entry)
    {
        fixedPart.Write([(byte)(entry.Seal is null ? Parts.IsErased : Parts.Verbatim)]);
        WriteText(fixedPart, texts, entry.Header);
        if (entry.Seal is { } seal) WriteText(fixedPart, texts, seal);
    }

    private static void WriteText(ArrayBufferWriter<byte> fixedPart, ArrayBufferWriter<byte> texts, ReadOnlySpan<byte> text)
    {
        VarInt.Write(fixedPart, text.Length);
        texts.Write(text);
    }

    private static JournalEntry ReadMade(RunKey run, long seq, Parts parts, byte[]? before, scoped ref ReadOnlySpan<byte> fixedPart, scoped ref ReadOnlySpan<byte> texts)
    {
        var (version, minReader) = ((ushort)VarInt.Read(ref fixedPart), (ushort)VarInt.Read(ref fixedPart));
        Span<byte> time = stackalloc byte[8];
        time.Clear();
        VarInt.Take(ref fixedPart, TimeBytes).CopyTo(time[(8 - TimeBytes)..]);
        var trace = (parts & Parts.HasTrace) != 0 ? ActivityTraceId.CreateFromBytes(VarInt.Take(ref fixedPart, TraceBytes)) : default;
        var previousHash = (parts & Parts.IsLinked) == 0
            ? VarInt.Take(ref fixedPart, HeaderCodec.HashBytes).ToArray()
            : before ?? throw new InvalidDataException($"record {seq} has no record before it");
        var salt = VarInt.Take(ref fixedPart, SealForm.SaltBytes);
        var check = VarInt.Take(ref fixedPart, CheckBytes);
        var alias = Encoding.UTF8.GetString(VarInt.Take(ref texts, VarInt.Read(ref fixedPart)));
        var actor = Encoding.UTF8.GetString(VarInt.Take(ref texts, VarInt.Read(ref fixedPart)));
        byte[] seal = [SealForm.Inline, .. salt, .. VarInt.Take(ref texts, VarInt.Read(ref fixedPart))];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(time));
        var header = Make(run, seq, new RecordHeader(run, seq, alias, version, minReader, at, actor, trace, previousHash, [], 0), previousHash, seal);
        return SHA256.HashData(header).AsSpan(0, CheckBytes).SequenceEqual(check)
            ? new JournalEntry(seq, header, seal)
            : throw new InvalidDataException($"record {seq} is not what was written");
    }
}
