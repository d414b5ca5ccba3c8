using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Copies the log into the main file beside the writer, on a thread and a connection of its own, so that only the short rest is left
/// for the moment in which nobody may write. Used by the writer's thread alone.
/// </summary>
internal sealed class LogCheckpointer : IDisposable
{
    /// <summary>A pass leaves what was written during it; each next one is shorter.</summary>
    private const int MaxPasses = 4;

    /// <summary>So little is left to the writer.</summary>
    private const int SmallRestFrames = 128;

    private readonly RawConnection _connection;
    private readonly object _lock = new();
    private readonly Thread _thread;
    private bool _wanted;
    private bool _done;
    private bool _closed;

    public LogCheckpointer(string file)
    {
        _connection = RawConnection.Open(file, readOnly: false);
        _connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA busy_timeout = 0");
        _thread = new Thread(Work) { IsBackground = true, Name = "journal-copier" };
        _thread.Start();
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_wanted)
                return;

            _wanted = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>True once after each copying: the writer copies the rest now.</summary>
    public bool TakeDone()
    {
        lock (_lock)
        {
            var done = _done;
            _done = false;
            return done;
        }
    }

    /// <summary>Waits until nothing is copied any more: a second checkpoint at the same time would be refused.</summary>
    public void WaitUntilIdle()
    {
        lock (_lock)
        {
            while (_wanted)
                Monitor.Wait(_lock);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }

        _thread.Join();
        _connection.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            lock (_lock)
            {
                while (!_wanted && !_closed)
                    Monitor.Wait(_lock);
                if (_closed)
                    return;
            }

            Copy();
            lock (_lock)
            {
                _wanted = false;
                _done = true;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Copy()
    {
        try
        {
            var before = 0;
            for (var pass = 0; pass < MaxPasses; pass++)
            {
                if (!_connection.TryCheckpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out var copied) || frames - before < SmallRestFrames)
                    return;

                before = copied;
            }
        }
        catch (RawFailure)
        {
            // The log still holds everything; the writer tries the rest and sees for itself.
        }
    }
}
