using AgentRuntime.Common;
using Orleans.Storage;

namespace AgentRuntime.Events;

/// <summary>
/// A log of segments in a ring of states: each delivery writes one, and what it costs does not grow with what is kept. Who uses it writes everything else down
/// at least every <see cref="Interval"/> segments. Of two activations that write, one gets <see cref="InconsistentStateException"/>: a state is written
/// over only by who knows what is in it.
/// </summary>
internal sealed class SegmentRing<T>(NamedStates states)
    where T : class, ISegment, new()
{
    /// <summary>Segments between two checkpoints: what a new activation reads.</summary>
    public const int Interval = 64;

    // What is not in a checkpoint is never written over.
    private const int Size = 2 * Interval;

    private readonly Slot?[] _ring = new Slot?[Size];

    /// <summary>The number of the next segment.</summary>
    public long Next { get; private set; }

    /// <summary>The segments from a number on, until the last one.</summary>
    public async IAsyncEnumerable<T> ReadAsync(long from)
    {
        for (Next = from;; Next++)
        {
            var stored = await ReadSlotAsync(Next);
            if (stored.Number != Next) yield break;
            yield return stored;
        }
    }

    /// <summary>Writes the next segment. When it returns that is durable.</summary>
    public async Task AppendAsync(T segment)
    {
        // Nothing is there on the first lap: if there is after all, the write finds out.
        if (Next > Size && _ring[Next % Size] is null) await ReadSlotAsync(Next);
        var slot = _ring[Next % Size] ?? new Slot(0, Etag: null);
        if (segment.Number != Next || slot.Number >= Next) throw new InconsistentStateException($"Segment {Next} was written by another activation.");
        var written = await states.WriteAsync(NameOf(Next), slot.Etag, segment);
        _ring[Next % Size] = new Slot(Next, written.Etag);
        Next++;
    }

    private async Task<T> ReadSlotAsync(long number)
    {
        var stored = await states.ReadAsync<T>(NameOf(number));
        _ring[number % Size] = new Slot(stored.Value.Number, stored.Etag);
        return stored.Value;
    }

    private static string NameOf(long number) => FormattableString.Invariant($"segment-{number % Size}");

    private sealed record Slot(long Number, string? Etag);
}
