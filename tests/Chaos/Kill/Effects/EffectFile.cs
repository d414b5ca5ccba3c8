using System.Text.Json;

namespace AgentRuntime.Chaos.Kill.Effects;

/// <summary>The recorder's own file: one JSON line for each arrival and each effect. An effect has happened when its line is synced.</summary>
internal sealed class EffectFile(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void Arrived(EffectLine line)
    {
        lock (_gate) Write(line with { IsEffect = false });
    }

    /// <summary>Makes the effect, unless the key of an idempotent call was seen before.</summary>
    public void Make(EffectLine line, bool honoursKey)
    {
        lock (_gate)
        {
            if (!_keys.Add(line.Key) && honoursKey) return;
            Write(line with { IsEffect = true });
            _file.Flush(flushToDisk: true);
        }
    }

    /// <summary>What was recorded so far; a line that is being written is left out.</summary>
    public static IReadOnlyList<EffectLine> Read(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<EffectLine>(line)!)];
    }

    public void Dispose() => _file.Dispose();

    private void Write(EffectLine line) => _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n']);
}
