using System.Collections.Concurrent;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Broken: an append is acknowledged before it is written.</summary>
internal sealed class HastyJournal(IRunJournal inner) : JournalDecorator(inner)
{
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(30);

    private readonly ConcurrentDictionary<RunKey, Task> _unwritten = new();

    public override async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (append.ExpectedSeq == 0) return await Inner.AppendAsync(append);
        _unwritten[append.Run] = WriteAsync(_unwritten.GetValueOrDefault(append.Run, Task.CompletedTask), append);
        return new AppendResult.Appended(append.RunNo);
    }

    public override async Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation)
    {
        await _unwritten.GetValueOrDefault(run, Task.CompletedTask);
        return await base.LoadAsync(run, cancellation);
    }

    public override async ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change)
    {
        await _unwritten.GetValueOrDefault(run, Task.CompletedTask);
        return await base.TryChangeRowAsync(run, expectedOwner, change);
    }

    private async Task WriteAsync(Task before, JournalAppend append)
    {
        await before;
        await Task.Delay(Lag);
        await Inner.AppendAsync(append);
    }
}
