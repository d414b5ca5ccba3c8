using System.Text;
using System.Text.Json;

namespace AgentRuntime.Cli.Runs;

/// <summary>
/// The lines of an export, believed only as far as the chain of their headers bears them out. The form stands with ExportRunResponse in
/// <c>runs.proto</c>. Whoever holds a file can shorten it or make the chain anew; only the hash of the last header, taken from the silo, tells.
/// </summary>
internal sealed class ExportedRun
{
    private static readonly string[] FirstMembers = ["export", "run", "exportTime", "agent", "tools"];
    private static readonly string[] LastMembers = ["end", "records", "headHash", "terminal"];
    private static readonly string[] Ends = ["run.completed", "run.failed", "run.cancelled"];

    private readonly byte[] _head = new byte[ExportedRecord.HashBytes];
    private bool _hasEnd;

    public string Run { get; private set; } = "";

    public long Records { get; private set; }

    /// <summary>Records whose payload is not in the file: erased before, or left out since.</summary>
    public long WithoutPayload { get; private set; }

    /// <summary>Whether the last record ends the run.</summary>
    public bool IsTerminal { get; private set; }

    /// <summary>SHA-256 of the last header, hex.</summary>
    public string HeadHash => Convert.ToHexStringLower(_head);

    /// <summary>Takes the next line. Returns the record that it holds; null for the first and the last line.</summary>
    /// <exception cref="FormatException">Why it cannot be believed.</exception>
    public ExportedRecord? Read(string text)
    {
        try
        {
            var line = JsonElement.Parse(Encoding.UTF8.GetBytes(text), new JsonDocumentOptions { MaxDepth = 256 });
            if (_hasEnd) throw new FormatException("there is more after the end");
            if (Run.Length == 0) Begin(line);
            else if (line.TryGetProperty("end", out _)) End(line);
            else return Add(ExportedRecord.Read(line, _head, Records));
            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("a line is not of an export's form", fault);
        }
    }

    /// <summary>Refuses a file that was cut off.</summary>
    /// <exception cref="FormatException">The last line is missing.</exception>
    public void RequireEnd()
    {
        if (!_hasEnd) throw new FormatException("it is cut off: its last line is missing");
    }

    private void Begin(JsonElement line)
    {
        ExportedRecord.RequireMembers(line, FirstMembers);
        if (line.GetProperty("export").GetInt32() != 1) throw new FormatException("it has a form that a newer agentctl reads");
        Run = line.GetProperty("run").GetString() is { Length: > 0 } run ? run : throw new FormatException("it names no run");
    }

    private ExportedRecord Add(ExportedRecord record)
    {
        if (record.Run != Run) throw new FormatException($"record {Records} is of another run");
        Records++;
        if (record.Payload is null) WithoutPayload++;
        IsTerminal = Ends.Contains(record.Type);
        return record;
    }

    private void End(JsonElement line)
    {
        ExportedRecord.RequireMembers(line, LastMembers);
        var records = line.GetProperty("records").GetInt64();
        if (records != Records) throw new FormatException($"{records} records were exported, {Records} are here");
        if (line.GetProperty("headHash").GetString() != HeadHash) throw new FormatException("the last record was changed");
        if (line.GetProperty("terminal").GetBoolean() != IsTerminal) throw new FormatException("its last line does not say how it ends");
        _hasEnd = true;
    }
}
