using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Cluster.Tests;

/// <summary>A silo's journal whose loads and appends can be held. A load that is held heeds its token, an append has none.</summary>
internal sealed class HeldJournal(SqliteRunJournal inner) : IRunJournal
{
    private volatile Hold? _loads;
    private volatile Hold? _appends;

    public Hold HoldLoads() => _loads = new Hold();

    public Hold HoldAppends() => _appends = new Hold();

    public void Release()
    {
        _loads?.Release();
        _appends?.Release();
        (_loads, _appends) = (null, null);
    }

    public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (_appends is { } hold) await hold.WaitAsync(CancellationToken.None);
        return await inner.AppendAsync(append);
    }

    public async Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation)
    {
        if (_loads is { } hold) await hold.WaitAsync(cancellation);
        return await inner.LoadAsync(run, cancellation);
    }

    public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => inner.FindAsync(run, cancellation);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation) =>
        inner.ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation);

    public ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change) => inner.TryChangeRowAsync(run, expectedOwner, change);

    public ValueTask<bool> EraseAsync(RunKey run, long seq) => inner.EraseAsync(run, seq);

    internal sealed class Hold
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Somebody is held.</summary>
        public Task Reached => _reached.Task;

        /// <summary>Somebody who was held was told to stop.</summary>
        public Task Cancelled => _cancelled.Task;

        public void Release() => _release.TrySetResult();

        public async Task WaitAsync(CancellationToken cancellation)
        {
            _reached.TrySetResult();
            try
            {
                await _release.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
        }
    }
}
