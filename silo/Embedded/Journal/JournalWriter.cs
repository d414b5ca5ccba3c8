using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// The only writer of this process: one thread that commits whatever queued as one transaction. A sync costs the same for one append
/// as for a thousand.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly string _file;
    private readonly WriteQueue _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalSession? _session;

    /// <summary>Opens the file, making it when it is not there.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted, StorageExhausted or Unavailable, naming the file and the fix.</exception>
    public JournalWriter(string file)
    {
        _file = file;
        _session = JournalSession.Open(file, isFirst: true);
        new Thread(Work) { IsBackground = true, Name = "journal-writer" }.Start();
    }

    public ValueTask<T> WriteAsync<T>(WriteRequest<T> request) =>
        _queue.TryAdd(request) ? new ValueTask<T>(request.Answer) : WhenThereIsRoomAsync(request);

    private async ValueTask<T> WhenThereIsRoomAsync<T>(WriteRequest<T> request) =>
        await _queue.AddWhenThereIsRoomAsync(request) ? await request.Answer : throw StoreErrors.Closed(_file);

    /// <summary>Writes what is queued, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
    }

    private void Work()
    {
        var batch = new List<WriteRequest>(WriteQueue.MaxBatch);
        while (_queue.TakeBatch(batch))
        {
            Write(batch);
            batch.Clear();
        }

        _session?.Dispose();
        _ended.SetResult();
    }

    private void Write(List<WriteRequest> batch)
    {
        try
        {
            Session.Commit(batch);
        }
        catch (Exception failure)
        {
            Drop(failure);
            WriteEach(batch);
            return;
        }

        foreach (var request in batch)
            request.Complete();
        _session!.AfterCommit(batch);
    }

    /// <summary>
    /// After a failed commit each request goes alone, so that only the culprit fails. What the failed commit wrote after all is
    /// recognised by each request itself.
    /// </summary>
    private void WriteEach(List<WriteRequest> batch)
    {
        foreach (var request in batch)
        {
            request.MayBeWritten = true;
            try
            {
                Session.Commit([request]);
                request.Complete();
            }
            catch (Exception failure)
            {
                Drop(failure);
                request.Fail(failure is RawFailure known ? StoreErrors.From(known, _file) : failure);
            }
        }
    }

    private JournalSession Session => _session ??= JournalSession.Open(_file, isFirst: false);

    private void Drop(Exception failure)
    {
        if (failure is RawFailure { SpoilsConnection: false } && _session?.TryRollback() == true)
            return;

        _session?.Dispose();
        _session = null;
    }
}
