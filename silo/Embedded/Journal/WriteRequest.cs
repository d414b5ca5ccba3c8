using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>One thing to write, with the caller that waits for it. The writer may apply it more than once; only what was committed is told.</summary>
internal abstract class WriteRequest
{
    /// <summary>A guess of what it adds to the log, for the bound of a batch.</summary>
    public abstract int Bytes { get; }

    /// <summary>Set once a commit that held it failed: its effect may be there already.</summary>
    public bool MayBeWritten { get; set; }

    /// <summary>Content was destroyed: the old bytes must leave the log as well.</summary>
    public virtual bool Erases => false;

    public abstract void Apply(JournalTransaction transaction);

    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <summary>A request with an answer.</summary>
internal abstract class WriteRequest<T> : WriteRequest
{
    // Asynchronous continuations: the writer's thread must not run its callers.
    private readonly TaskCompletionSource<T> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    public Task<T> Answer => _answered.Task;

    protected abstract T Write(JournalTransaction transaction);

    public sealed override void Apply(JournalTransaction transaction) => _answer = Write(transaction);

    public sealed override void Complete() => _answered.SetResult(_answer!);

    public sealed override void Fail(Exception failure) => _answered.SetException(failure);
}

internal sealed class AppendRequest(JournalAppend append, int bytes) : WriteRequest<AppendResult>
{
    public override int Bytes => bytes;

    protected override AppendResult Write(JournalTransaction transaction) => transaction.Append(append);
}

internal sealed class ChangeRowRequest(RunKey run, string? expectedOwner, RowChange change) : WriteRequest<bool>
{
    public override int Bytes => 256;

    protected override bool Write(JournalTransaction transaction) => transaction.TryChangeRow(run, expectedOwner, change, MayBeWritten);
}

internal sealed class EraseRequest(RunKey run, long seq) : WriteRequest<bool>
{
    public override int Bytes => 256;

    public override bool Erases => true;

    protected override bool Write(JournalTransaction transaction) => transaction.Erase(run, seq);
}

/// <summary>One part of destroying runs whose retention has ended.</summary>
/// <param name="work">What to do; it may be done again.</param>
/// <param name="bytes">A guess of what it adds to the log.</param>
/// <param name="isLast">The old bytes must leave the log now.</param>
internal sealed class PruneRequest<T>(Func<RunPruning, T> work, int bytes, bool isLast = false) : WriteRequest<T>
{
    public override int Bytes => bytes;

    public override bool Erases => isLast;

    protected override T Write(JournalTransaction transaction) => work(transaction.Pruning);
}
