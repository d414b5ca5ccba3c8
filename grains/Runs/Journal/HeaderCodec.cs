using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Journal;

/// <summary>
/// Bytes of a header, form 1, big-endian: form u8, record version u16, min reader u16, seq u64, time i64 (ms since 1970), payload length u32,
/// previous hash 32, payload commitment 32, trace id 16, then tenant, run, alias and actor, each u16 length and UTF-8.
/// The chain runs over exactly these bytes.
/// </summary>
internal static class HeaderCodec
{
    public const byte Form = 1;
    public const int HashBytes = 32;
    public const int MaxActorBytes = 512;
    private const long MaxTimeMs = 253_402_300_799_999;
    private const int PreviousOffset = 25;
    private const int CommitmentOffset = PreviousOffset + HashBytes;
    private const int TraceOffset = CommitmentOffset + HashBytes;
    private const int FixedBytes = TraceOffset + 16;

    /// <summary>Writes a header; the commitment is given as bytes to save a copy.</summary>
    public static byte[] Encode(in HeaderFields fields, ReadOnlySpan<byte> previousHash, ReadOnlySpan<byte> commitment)
    {
        var actor = Fit(fields.Actor);
        var length = FixedBytes + 8 + fields.Run.Tenant.Value.Length + fields.Run.Run.Value.Length + fields.Alias.Length +
            Encoding.UTF8.GetByteCount(actor);
        var bytes = new byte[length];
        bytes[0] = Form;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), fields.RecordVersion);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(3), fields.MinReader);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(5), fields.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(13), fields.Time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(21), fields.PayloadLength);
        previousHash.CopyTo(bytes.AsSpan(PreviousOffset));
        commitment.CopyTo(bytes.AsSpan(CommitmentOffset));
        if (fields.TraceId != default) fields.TraceId.CopyTo(bytes.AsSpan(TraceOffset, 16));
        var rest = bytes.AsSpan(FixedBytes);
        rest = WriteText(rest, fields.Run.Tenant.Value);
        rest = WriteText(rest, fields.Run.Run.Value);
        rest = WriteText(rest, fields.Alias);
        WriteText(rest, actor);
        return bytes;
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted.</exception>
    public static RecordHeader Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes + 8 || bytes[0] != Form) throw Corrupted();
        var rest = bytes[FixedBytes..];
        var tenant = ReadText(ref rest);
        var run = ReadText(ref rest);
        var alias = ReadText(ref rest);
        var actor = ReadText(ref rest);
        var time = BinaryPrimitives.ReadInt64BigEndian(bytes[13..]);
        if (!rest.IsEmpty || !IdFormat.IsValid(tenant) || !IdFormat.IsValid(run) || time is < 0 or > MaxTimeMs) throw Corrupted();
        return new RecordHeader(
            new RunKey(TenantId.Parse(tenant), RunId.Parse(run)),
            BinaryPrimitives.ReadInt64BigEndian(bytes[5..]),
            alias,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]),
            DateTimeOffset.FromUnixTimeMilliseconds(time),
            actor,
            ActivityTraceId.CreateFromBytes(bytes.Slice(TraceOffset, 16)),
            bytes.Slice(PreviousOffset, HashBytes).ToArray(),
            bytes.Slice(CommitmentOffset, HashBytes).ToArray(),
            BinaryPrimitives.ReadInt32BigEndian(bytes[21..]));
    }

    private static string Fit(string actor)
    {
        if (actor.Length <= MaxActorBytes / 3) return actor;
        var bytes = Encoding.UTF8.GetByteCount(actor);
        return bytes <= MaxActorBytes ? actor : actor[..(MaxActorBytes / 3)];
    }

    private static Span<byte> WriteText(Span<byte> target, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, target[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)written);
        return target[(2 + written)..];
    }

    private static string ReadText(ref ReadOnlySpan<byte> source)
    {
        if (source.Length < 2) throw Corrupted();
        int length = BinaryPrimitives.ReadUInt16BigEndian(source);
        if (source.Length < 2 + length) throw Corrupted();
        var text = Encoding.UTF8.GetString(source.Slice(2, length));
        source = source[(2 + length)..];
        return text;
    }

    private static AgentRuntimeException Corrupted() =>
        new(ErrorCode.StorageCorrupted, "journal: a record header is damaged; restore the data folder from a backup.");
}
