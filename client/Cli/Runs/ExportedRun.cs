using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Cli.Runs;

/// <summary>
/// The lines of an export, believed only as far as the chain of their headers bears them out. The form stands with ExportRunResponse in
/// <c>runs.proto</c>, the bytes of a header beside its codec in <c>grains/Runs/Journal</c>.
/// </summary>
internal sealed class ExportedRun
{
    private const byte HeaderForm = 1;
    private const int HashBytes = 32;
    private const int SeqOffset = 5;
    private const int PreviousOffset = 25;
    private const int CommitmentOffset = PreviousOffset + HashBytes;
    private const int TextOffset = CommitmentOffset + HashBytes + 16;

    private readonly byte[] _head = new byte[HashBytes];
    private string _run = "";

    public long Records { get; private set; }

    public long Erased { get; private set; }

    /// <summary>Whether the last line was read; a file without it is cut off.</summary>
    public bool IsWhole { get; private set; }

    public bool IsTerminal { get; private set; }

    /// <summary>Takes the next line. Returns what it says, or why it cannot be believed.</summary>
    public (JsonElement Line, string? Fault) Read(string text)
    {
        try
        {
            var line = JsonElement.Parse(Encoding.UTF8.GetBytes(text), new JsonDocumentOptions { MaxDepth = 256 });
            if (IsWhole) return (line, "there is more after the end");
            if (line.TryGetProperty("export", out var form)) return (line, Begin(line, form.GetInt32()));
            if (_run.Length == 0) return (line, "it does not begin as an export does");
            return (line, line.TryGetProperty("end", out _) ? End(line) : Record(line));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return (default, "a line is not of an export's form");
        }
    }

    private string? Begin(JsonElement line, int form)
    {
        if (_run.Length > 0) return "it begins twice";
        _run = line.GetProperty("run").GetString() ?? "";
        return form == 1 ? null : $"it has form {form}, which a newer agentctl reads";
    }

    private string? Record(JsonElement line)
    {
        var header = line.GetProperty("header").GetBytesFromBase64();
        if (header.Length <= TextOffset || header[0] != HeaderForm) return $"the header of record {Records} is damaged";
        if (BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(SeqOffset)) != Records) return $"record {Records} is missing";
        if (!header.AsSpan(PreviousOffset, HashBytes).SequenceEqual(_head)) return $"the chain breaks before record {Records}";
        var rest = header.AsSpan(TextOffset);
        var name = $"tenants/{Text(ref rest)}/runs/{Text(ref rest)}";
        if (name != _run) return $"record {Records} is of another run";
        if (Text(ref rest) != line.GetProperty("type").GetString()) return $"the type of record {Records} was changed";
        if (Text(ref rest) != line.GetProperty("actor").GetString()) return $"the actor of record {Records} was changed";
        if (line.TryGetProperty("payload", out var payload))
        {
            byte[] committed = [.. line.GetProperty("salt").GetBytesFromBase64(), .. Encoding.UTF8.GetBytes(payload.GetRawText())];
            if (!header.AsSpan(CommitmentOffset, HashBytes).SequenceEqual(SHA256.HashData(committed))) return $"the payload of record {Records} was changed";
        }
        else
        {
            Erased++;
        }

        SHA256.HashData(header, _head);
        Records++;
        return null;
    }

    private string? End(JsonElement line)
    {
        if (line.GetProperty("records").GetInt64() != Records) return $"{line.GetProperty("records").GetInt64()} records were exported, {Records} are here";
        if (line.GetProperty("headHash").GetString() != Convert.ToHexStringLower(_head)) return "the last record was changed";
        (IsWhole, IsTerminal) = (true, line.GetProperty("terminal").GetBoolean());
        return null;
    }

    private static string Text(ref Span<byte> rest)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        var text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}
