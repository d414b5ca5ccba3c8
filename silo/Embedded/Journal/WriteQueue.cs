namespace AgentRuntime.Embedded.Journal;

/// <summary>What waits for the writer's thread: bounded, in order, taken in batches.</summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never used; disposing it would only fail callers that come late.
internal sealed class WriteQueue
#pragma warning restore CA1001
{
    /// <summary>Requests that may wait; a caller beyond it waits for room without a thread.</summary>
    public const int MaxWaiting = 8192;

    /// <summary>Requests in one transaction: bounds how long the first of them waits for the last.</summary>
    public const int MaxBatch = 1024;

    /// <summary>Bytes in one transaction; one request alone may be larger.</summary>
    public const int MaxBatchBytes = 8 << 20;

    // A lone caller is back within some ten microseconds of its answer. Going to sleep and being woken costs as much again.
    private const int IdleSpins = 40;

    private readonly object _lock = new();
    private readonly Queue<WriteRequest> _waiting = new();
    private readonly SemaphoreSlim _room = new(MaxWaiting, MaxWaiting);
    private volatile int _count;
    private bool _sleeping;
    private bool _closed;

    /// <summary>Queues a request if there is room now. False when there is none, or the queue is closed.</summary>
    public bool TryAdd(WriteRequest request) => _room.Wait(0) && AddHoldingRoom(request);

    /// <summary>Fills <paramref name="batch"/> with what waits, waiting for the first. False when the queue is closed and empty.</summary>
    public bool TakeBatch(List<WriteRequest> batch)
    {
        var spinner = new SpinWait();
        while (_count == 0 && spinner.Count < IdleSpins)
            spinner.SpinOnce(sleep1Threshold: -1);

        lock (_lock)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                    return false;

                _sleeping = true;
                Monitor.Wait(_lock);
                _sleeping = false;
            }

            Move(batch);
        }

        _room.Release(batch.Count);
        return true;
    }

    /// <summary>Lets nothing more in; what waits is still taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Queues a request. False once the queue is closed.</summary>
    public async ValueTask<bool> AddWhenThereIsRoomAsync(WriteRequest request)
    {
        await _room.WaitAsync();
        return AddHoldingRoom(request);
    }

    private bool AddHoldingRoom(WriteRequest request)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _waiting.Enqueue(request);
                _count = _waiting.Count;
                if (_sleeping)
                    Monitor.Pulse(_lock);
                return true;
            }
        }

        _room.Release();
        return false;
    }

    private void Move(List<WriteRequest> batch)
    {
        var bytes = 0;
        while (batch.Count < MaxBatch && bytes < MaxBatchBytes && _waiting.TryDequeue(out var request))
        {
            batch.Add(request);
            bytes += request.Bytes;
        }

        _count = _waiting.Count;
    }
}
