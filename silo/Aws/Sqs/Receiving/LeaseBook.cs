namespace AgentRuntime.Aws.Sqs.Receiving;

/// <summary>
/// The messages that are held, and the last that were finished. By it a message that comes again is not delivered again: after a delete that failed, after
/// its time was up, or because it was sent or delivered twice. Another receiver knows none of that.
/// </summary>
internal sealed class LeaseBook
{
    /// <summary>How many finished messages are remembered: those of some minutes at full speed.</summary>
    public const int Remembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Lease> _held = [];
    private readonly HashSet<Guid> _finished = [];
    private readonly Queue<Guid> _finishedInOrder = [];

    public IReadOnlyList<Lease> Held
    {
        get
        {
            lock (_gate) return [.. _held.Values];
        }
    }

    public Arrival Add(Lease lease)
    {
        lock (_gate)
        {
            if (_finished.Contains(lease.Envelope.Id)) return Arrival.Finished;
            if (_held.TryAdd(lease.Envelope.Id, lease)) return Arrival.New;
            var held = _held[lease.Envelope.Id];
            if (held.MessageId != lease.MessageId) return Arrival.Copy;
            (held.Receipt, held.RenewedAt, held.IsLost) = (lease.Receipt, lease.RenewedAt, false);
            return Arrival.Again;
        }
    }

    /// <summary>It was delivered.</summary>
    public void Finish(Lease lease)
    {
        lock (_gate)
        {
            _held.Remove(lease.Envelope.Id);
            if (!_finished.Add(lease.Envelope.Id)) return;
            _finishedInOrder.Enqueue(lease.Envelope.Id);
            if (_finishedInOrder.Count > Remembered) _finished.Remove(_finishedInOrder.Dequeue());
        }
    }

    /// <summary>It is held no longer, and is delivered when it comes again.</summary>
    public void Drop(Lease lease)
    {
        lock (_gate) _held.Remove(lease.Envelope.Id);
    }
}
