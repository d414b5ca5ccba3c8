using AgentRuntime.Runs;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// What the writer knows of runs without asking the file: only facts that never change back, so that another process cannot make
/// them wrong. Only runs that work are kept; all are forgotten when a transaction is lost.
/// </summary>
internal sealed class RunCursors
{
    private const int MaxRuns = 65_536;

    private readonly Dictionary<RunKey, RunCursor> _cursors = [];

    public RunCursor? Find(RunKey run) => _cursors.GetValueOrDefault(run);

    public RunCursor Add(RunKey run, long runNo, long head)
    {
        if (_cursors.Count >= MaxRuns)
            _cursors.Clear();

        return _cursors[run] = new RunCursor(runNo) { Head = head };
    }

    public void Forget(RunKey run) => _cursors.Remove(run);

    public void Clear() => _cursors.Clear();
}

/// <summary>A run's number, and a seq up to which its records are known to exist (there may be more).</summary>
internal sealed class RunCursor(long runNo)
{
    public long RunNo { get; } = runNo;

    public long Head { get; set; }
}
