using AgentRuntime.Aws.Sqs.Messages;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>
/// How far one consumer has come. What it was given counts as passed when it asks for the next. One that fails again and again passes messages by for a
/// while without being given them, so that they wait in the queue for it and not in front of others.
/// </summary>
internal sealed class SqsCacheCursor(CachedStream stream, long next, ConsumerCircuit circuit) : IQueueCacheCursor
{
    private SqsBatchContainer? _current;
    private bool _isFailed;

    /// <summary>The first that it has not passed.</summary>
    public long Next { get; private set; } = next;

    public bool HasRead { get; private set; }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext()
    {
        HasRead = true;
        if (_current is { } done)
        {
            if (!_isFailed) circuit.Passed();
            Pass(done);
        }

        _isFailed = false;
        while ((_current = stream.At(Next)) is { } next && circuit.IsOpen)
        {
            next.Lease.IsPassedBy = true;
            Pass(next);
        }

        return _current is not null;
    }

    // What is new is found by its sequence.
    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure()
    {
        if (_current is null || _isFailed) return;
        _current.Lease.IsFailed = _isFailed = true;
        circuit.Failed();
    }

    public void Dispose() => stream.Close(this);

    private void Pass(SqsBatchContainer message)
    {
        Next = message.SequenceToken.SequenceNumber + 1;
        stream.Passed(Next);
    }
}
