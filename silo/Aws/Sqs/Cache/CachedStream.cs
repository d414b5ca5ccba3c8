using AgentRuntime.Aws.Sqs.Messages;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Cache;

/// <summary>The messages of one stream in the order in which they came, and who is reading them.</summary>
internal sealed class CachedStream(TimeProvider time)
{
    private readonly List<SqsBatchContainer> _messages = [];
    private readonly List<SqsCacheCursor> _cursors = [];

    // Where the cursor that has come farthest was, and where the least of those that left in the midst of their work was.
    private long _passed;
    private long _leftAt = long.MaxValue;

    public bool IsUnused => _messages.Count == 0 && _cursors.Count == 0;

    public void Add(SqsBatchContainer message) => _messages.Add(message);

    /// <summary>Begins at a token, or, without one, with what nobody has been given.</summary>
    public SqsCacheCursor Open(StreamSequenceToken? token)
    {
        var cursor = new SqsCacheCursor(this, token?.SequenceNumber ?? _passed, new ConsumerCircuit(time));
        _cursors.Add(cursor);
        return cursor;
    }

    /// <summary>The first message from <paramref name="sequence"/> on.</summary>
    public SqsBatchContainer? At(long sequence)
    {
        var index = IndexOf(sequence);
        return index < _messages.Count ? _messages[index] : null;
    }

    public void Passed(long sequence) => _passed = Math.Max(_passed, sequence);

    /// <summary>
    /// A reader ends. Where it was the last and had read at all, nobody has finished what is left: it comes again later, and is dropped then if the
    /// stream still has no consumer. One that never read was only there to hold messages back.
    /// </summary>
    public void Close(SqsCacheCursor cursor)
    {
        if (!_cursors.Remove(cursor)) return;
        if (cursor.HasRead) _leftAt = Math.Min(_leftAt, cursor.Next);
        if (_cursors.Count > 0 || _leftAt == long.MaxValue) return;
        for (var index = IndexOf(_leftAt); index < _messages.Count; index++) _messages[index].Lease.IsAbandoned = true;
        _leftAt = long.MaxValue;
    }

    /// <summary>Takes out what all have passed; of what nobody reads, what came before <paramref name="unwantedBefore"/>.</summary>
    public void TakeFinished(List<IBatchContainer> finished, DateTimeOffset unwantedBefore)
    {
        var count = _cursors.Count > 0 ? IndexOf(_cursors.Min(static cursor => cursor.Next)) : Unread(unwantedBefore);
        finished.AddRange(_messages.Take(count));
        _messages.RemoveRange(0, count);
    }

    private int Unread(DateTimeOffset unwantedBefore)
    {
        var kept = _messages.FindIndex(message => Sequence(message) >= _passed && !message.Lease.IsAbandoned && message.Lease.ReceivedAt >= unwantedBefore);
        return kept < 0 ? _messages.Count : kept;
    }

    // The first that is not before the sequence.
    private int IndexOf(long sequence)
    {
        var (low, high) = (0, _messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Sequence(_messages[middle]) < sequence) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static long Sequence(SqsBatchContainer message) => message.SequenceToken.SequenceNumber;
}
