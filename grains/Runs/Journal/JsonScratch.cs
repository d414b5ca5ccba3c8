using System.Buffers;
using System.Text.Json;

namespace AgentRuntime.Runs.Journal;

/// <summary>A JSON writer and its buffer for each thread, so that a step allocates neither. Copy what it wrote before the thread writes again.</summary>
internal static class JsonScratch
{
    private const int InitialBytes = 4 * 1024;
    private const int MaxKeptBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>Runs <paramref name="write"/> and returns what it wrote, in the journal's spelling.</summary>
    public static ReadOnlySpan<byte> Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _buffer;
        if (buffer is null || buffer.Capacity > MaxKeptBytes) _buffer = buffer = new ArrayBufferWriter<byte>(InitialBytes);
        buffer.ResetWrittenCount();
        var json = _json ??= new Utf8JsonWriter(Stream.Null, RecordJson.WriterOptions);
        json.Reset(buffer);
        write(json, value);
        json.Flush();
        return buffer.WrittenSpan;
    }
}
