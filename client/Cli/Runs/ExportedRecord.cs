using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Cli.Runs;

/// <summary>
/// A record of an export as its header's bytes say it, whatever stands beside them. The bytes of a header are described beside their codec in
/// <c>grains/Runs/Journal</c>.
/// </summary>
/// <param name="Run">The run, <c>tenants/{tenant}/runs/{run}</c>.</param>
/// <param name="Seq">Its place.</param>
/// <param name="Type">Its type.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="Payload">What it says as JSON text; null when it is not in the file.</param>
internal sealed record ExportedRecord(string Run, long Seq, string Type, DateTimeOffset Time, string Actor, string? Payload)
{
    public const int HashBytes = 32;

    private const byte HeaderForm = 1;
    private const int SeqOffset = 5;
    private const int TimeOffset = 13;
    private const int PreviousOffset = 25;
    private const int CommitmentOffset = PreviousOffset + HashBytes;
    private const int TextOffset = CommitmentOffset + HashBytes + 16;

    private static readonly string[] Members = ["seq", "type", "time", "actor", "header", "salt", "payload"];

    /// <summary>Reads a line, checks it against its header, and moves <paramref name="head"/> on.</summary>
    /// <exception cref="FormatException">Why it cannot be believed.</exception>
    public static ExportedRecord Read(JsonElement line, Span<byte> head, long expectedSeq)
    {
        RequireMembers(line, Members);
        var header = line.GetProperty("header").GetBytesFromBase64();
        if (header.Length < TextOffset || header[0] != HeaderForm) throw new FormatException($"the header of record {expectedSeq} is damaged");
        if (!header.AsSpan(PreviousOffset, HashBytes).SequenceEqual(head)) throw new FormatException($"the chain breaks before record {expectedSeq}");
        var rest = header.AsSpan(TextOffset);
        var run = $"tenants/{Text(ref rest)}/runs/{Text(ref rest)}";
        var record = new ExportedRecord(
            run,
            BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(SeqOffset)),
            Text(ref rest),
            DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(TimeOffset)), 0, 253_402_300_799_999)),
            Text(ref rest),
            PayloadOf(line, header, expectedSeq));
        if (record.Seq != expectedSeq) throw new FormatException($"record {expectedSeq} is missing");
        var isSame = line.GetProperty("seq").GetInt64() == record.Seq && line.GetProperty("type").GetString() == record.Type
            && line.GetProperty("time").GetDateTimeOffset() == record.Time && line.GetProperty("actor").GetString() == record.Actor;
        if (!isSame) throw new FormatException($"what stands beside the header of record {expectedSeq} is not what the header says");
        SHA256.HashData(header, head);
        return record;
    }

    /// <summary>Refuses members that nobody vouches for, and a member that stands twice.</summary>
    public static void RequireMembers(JsonElement line, IReadOnlyCollection<string> known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in line.EnumerateObject())
        {
            if (!known.Contains(member.Name) || !seen.Add(member.Name)) throw new FormatException($"a line has a member '{member.Name}' that was not exported");
        }
    }

    private static string? PayloadOf(JsonElement line, byte[] header, long seq)
    {
        if (!line.TryGetProperty("payload", out var payload)) return null;
        var text = payload.GetRawText();
        byte[] committed = [.. line.GetProperty("salt").GetBytesFromBase64(), .. Encoding.UTF8.GetBytes(text)];
        return header.AsSpan(CommitmentOffset, HashBytes).SequenceEqual(SHA256.HashData(committed))
            ? text
            : throw new FormatException($"the payload of record {seq} was changed");
    }

    private static string Text(ref Span<byte> rest)
    {
        if (rest.Length < 2 || rest.Length < 2 + BinaryPrimitives.ReadUInt16BigEndian(rest)) throw new FormatException("a header is cut off");
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        var text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}
