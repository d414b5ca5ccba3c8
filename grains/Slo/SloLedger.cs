using AgentRuntime.Common;
using AgentRuntime.Events;
using Orleans.Storage;

namespace AgentRuntime.Slo;

/// <summary>
/// The counts of one tenant as they are kept: each delivery writes a segment of what it adds, into a ring of states, and now and then all of it is written
/// as a checkpoint. So what a delivery costs does not grow with what is remembered, and a delivery is counted whole or not at all. Of two activations that
/// write, one gets <see cref="InconsistentStateException"/>: a segment is written over only by who has read it.
/// </summary>
internal sealed class SloLedger(NamedStates states, TimeProvider time)
{
    private const string CheckpointName = "checkpoint";

    /// <summary>Segments between two checkpoints: what a new activation reads.</summary>
    public const int CheckpointInterval = 64;

    // Twice the interval: what is not in a checkpoint is never written over.
    private const int RingSize = 2 * CheckpointInterval;

    private readonly StoredState<SloSegment>?[] _ring = new StoredState<SloSegment>?[RingSize];
    private StoredState<SloCheckpoint> _checkpoint = new(new SloCheckpoint(), Etag: null);
    private long _next;

    public SloCounts Counts { get; private set; } = new();

    /// <summary>Reads all of it.</summary>
    public async Task LoadAsync()
    {
        _checkpoint = await states.ReadAsync<SloCheckpoint>(CheckpointName);
        Counts = SloCounts.Of(_checkpoint.Value);
        for (_next = _checkpoint.Value.NextSegment; (await SlotAsync(_next)).Value is var segment && segment.Number == _next; _next++) Counts.Apply(segment);
    }

    /// <summary>Counts what is new of a batch. When it returns that is durable.</summary>
    public async Task AdmitAsync(EventBatch batch)
    {
        if (Counts.FindNew(batch, _next, time.GetUtcNow()) is not { } segment) return;
        if (_next - _checkpoint.Value.NextSegment >= CheckpointInterval) await WriteCheckpointAsync();
        var slot = await SlotAsync(_next);
        if (slot.Value.Number >= _next) throw new InconsistentStateException($"Segment {_next} of the counts was written by another activation.");
        _ring[_next % RingSize] = await states.WriteAsync(NameOf(_next), slot.Etag, segment);
        Counts.Apply(segment);
        _next++;
    }

    private async Task WriteCheckpointAsync() => _checkpoint = await states.WriteAsync(CheckpointName, _checkpoint.Etag, Counts.ToCheckpoint(_next));

    private async Task<StoredState<SloSegment>> SlotAsync(long number) => _ring[number % RingSize] ??= await states.ReadAsync<SloSegment>(NameOf(number));

    private static string NameOf(long number) => FormattableString.Invariant($"segment-{number % RingSize}");
}
