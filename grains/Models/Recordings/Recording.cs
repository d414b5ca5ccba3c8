using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Models.Recordings;

/// <summary>
/// What a recording holds. JSON Lines: a first line with the form's number, then parts of requests, each once and before its first use, and
/// exchanges in the order in which they ended. A last line without its end was cut off by a crash and does not count.
/// </summary>
internal sealed class Recording
{
    public const int MaxBytes = 256 * 1024 * 1024;

    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);
    private readonly List<RecordedExchange> _exchanges = [];

    public static byte[] FirstLine { get; } = """{"recording":1}"""u8.ToArray();

    /// <summary>Bytes up to the end of the last whole line.</summary>
    public long Length { get; private set; }

    public IReadOnlyList<RecordedExchange> Exchanges => _exchanges;

    /// <summary>A part's JSON by its id.</summary>
    public IReadOnlyDictionary<string, string> Parts => _parts;

    /// <exception cref="InvalidInputException">It is no recording, too large or damaged; the message names file and line.</exception>
    public static Recording Read(string path, Stream file)
    {
        if (file.Length > MaxBytes) throw new InvalidInputException(path, $"is larger than {MaxBytes} bytes.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var recording = new Recording();
        var number = 0;
        while (bytes.AsSpan((int)recording.Length).IndexOf((byte)'\n') is >= 0 and var length)
        {
            number++;
            recording.AddLine(path, number, bytes.AsMemory((int)recording.Length, length));
            recording.Length += length + 1;
        }

        return recording;
    }

    private void AddLine(string path, int number, ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var kind = json.RootElement.EnumerateObject().Single();
            if (number == 1 && !line.Span.SequenceEqual(FirstLine)) throw new JsonException("is not the first line of a recording that this version reads");
            if (kind.NameEquals("exchange")) Add(RecordedExchange.Read(kind.Value));
            else if (kind.NameEquals("part")) _parts[kind.Value.GetProperty("id").GetString()!] = kind.Value.GetProperty("json").GetRawText();
            else if (number != 1) throw new JsonException($"has '{Shown.Text(kind.Name)}', which a recording has not");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new InvalidInputException($"{path}:{number}", $"is damaged or no recording ({damaged.Message.TrimEnd('.')}). Record it again.");
        }
    }

    private void Add(RecordedExchange exchange)
    {
        if (exchange.Messages.Append(exchange.Tools).FirstOrDefault(id => !_parts.ContainsKey(id)) is { } missing)
            throw new JsonException($"names the part {Shown.Text(missing)}, which is not above it");
        _exchanges.Add(exchange);
    }

    /// <summary>A part as a line.</summary>
    public static byte[] LineOf(RequestPart part) => RecordingJson.Write(part, static (json, part) =>
    {
        json.WriteStartObject();
        json.WriteStartObject("part");
        json.WriteString("id", part.Id);
        json.WritePropertyName("json");
        json.WriteRawValue(part.Json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static byte[] LineOf(RecordedExchange exchange) => RecordingJson.Write(exchange, static (json, exchange) => exchange.Write(json));
}
