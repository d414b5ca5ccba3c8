using AgentRuntime.Aws.Sqs.Messages;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>How far one consumer has come. What it was given counts as passed when it asks for the next.</summary>
internal sealed class SqsCacheCursor(CachedStream stream, long next) : IQueueCacheCursor
{
    private SqsBatchContainer? _current;

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
        if (_current is not null)
        {
            Next = _current.SequenceToken.SequenceNumber + 1;
            stream.Passed(Next);
        }

        _current = stream.At(Next);
        return _current is not null;
    }

    // What is new is found by its sequence.
    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure()
    {
        if (_current is not null) _current.Lease.IsFailed = true;
    }

    public void Dispose() => stream.Close(this);
}
