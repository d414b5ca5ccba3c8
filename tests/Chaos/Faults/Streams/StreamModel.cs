using System.Collections.Concurrent;

namespace AgentRuntime.Chaos.Faults.Streams;

/// <summary>What publishers were told of their events, and what the one consumer, who knows each again, has processed.</summary>
internal sealed class StreamModel(Oracle oracle)
{
    private readonly ConcurrentDictionary<string, bool> _published = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _processed = new(StringComparer.Ordinal);

    public int Processed => _processed.Count;

    /// <summary>Acknowledged events that nobody has processed yet.</summary>
    public int Missing => _published.Count(each => each.Value && !_processed.ContainsKey(each.Key));

    public void Publishing(string text) => _published[text] = false;

    public void Acknowledged(string text) => _published[text] = true;

    public void Process(string text)
    {
        oracle.Require(_published.ContainsKey(text), "stream_unknown_event", $"'{text[..Math.Min(40, text.Length)]}' was never published");
        _processed[text] = true;
    }
}
