using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Slo;

/// <summary>
/// The counts of one tenant as they are kept: a segment for each delivery, and now and then all of it as a checkpoint. So a delivery is counted whole or
/// not at all.
/// </summary>
internal sealed class SloLedger(NamedStates states, TimeProvider time)
{
    private const string CheckpointName = "checkpoint";

    private readonly SegmentRing<SloSegment> _segments = new(states);
    private StoredState<SloCheckpoint> _checkpoint = new(new SloCheckpoint(), Etag: null);

    public SloCounts Counts { get; private set; } = new();

    /// <summary>Reads all of it.</summary>
    public async Task LoadAsync()
    {
        _checkpoint = await states.ReadAsync<SloCheckpoint>(CheckpointName);
        Counts = SloCounts.Of(_checkpoint.Value);
        await foreach (var segment in _segments.ReadAsync(_checkpoint.Value.NextSegment)) Counts.Apply(segment);
    }

    /// <summary>Counts what is new of a batch. When it returns that is durable.</summary>
    public async Task AdmitAsync(EventBatch batch)
    {
        if (Counts.FindNew(batch, _segments.Next, time.GetUtcNow()) is not { } segment) return;
        if (_segments.Next - _checkpoint.Value.NextSegment >= SegmentRing<SloSegment>.Interval)
            _checkpoint = await states.WriteAsync(CheckpointName, _checkpoint.Etag, Counts.ToCheckpoint(_segments.Next));
        await _segments.AppendAsync(segment);
        Counts.Apply(segment);
    }
}
