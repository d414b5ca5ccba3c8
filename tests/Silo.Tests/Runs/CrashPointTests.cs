using AgentRuntime.Approvals;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>The same run many times, each killed at another of its appends: before it, or after it and before the answer.</summary>
public sealed class CrashPointTests
{
    // Start; then a reply and a result for each of three calls, with the start of the at-most-once one; then the last reply.
    private const int Appends = 9;
    private static readonly string[] Tools = [RunCast.Put, RunCast.Once, RunCast.Look];

    [Fact]
    public async Task Kill_AtAnyAppend_LosesNothingAndRepeatsNoEffect()
    {
        using var folder = new ScratchFolder();
        var scripts = new RunScripts();
        var store = new FaultyStore();
        var points = new CrashPoints();
        var first = await RunSilo.StartAsync(folder.Path, scripts, store.Equip);
        await first.SetUpAsync(RunCast.Tenant);
        var runs = Enumerable.Range(0, 2 * Appends).Select(_ => first.NewRun(Reply.CallingThenDone(Tools))).ToList();
        for (var i = 0; i < runs.Count; i++) points.Set(runs[i].Key, i / 2, isAfter: i % 2 == 1);
        (store.BeforeAppend, store.AfterAppend) = (points.BeforeAsync, points.AfterAsync);
        var starts = runs.Select(run => run.Grain.StartAsync(run.Command)).ToList();
        await points.AllReached.InTimeAsync();
        store.Die();
        await first.AbortAsync();
        Assert.All(starts[2..], start => Assert.True(start.IsCompletedSuccessfully));

        await using var second = await RunSilo.StartAsync(folder.Path, scripts);
        await Task.WhenAll(runs.Select((run, i) => RequireCompleteAsync(run.On(second), append: i / 2, isAfter: i % 2 == 1)));
    }

    private static async Task RequireCompleteAsync(TestRun run, int append, bool isAfter)
    {
        // Who got no answer asks again.
        if (append == 0) await run.StartAsync();
        var records = await run.WaitAsync(records => records[^1] is ApprovalRequested or RunCompleted, "question or end");
        var isUnknown = records[^1] is ApprovalRequested;
        if (isUnknown) await run.DecideAsync(await run.AskedAsync(), ApprovalVerdict.Happened, RunCast.Approver("alice"), "\"ok\"");
        records = await run.EndAsync();

        var at = $"append {append}, {(isAfter ? "after" : "before")}";
        Assert.True(records[^1] is RunCompleted, at);
        Assert.True(records.OfType<ModelReplied>().Select(reply => reply.Step).SequenceEqual([1, 2, 3, 4]), at);
        Assert.True(records.OfType<ToolReturned>().Select(returned => returned.Step).SequenceEqual([1, 2, 3]), at);
        Assert.True(run.Invocations.Select(invocation => invocation.IdempotencyKey).Distinct().Count() == 3 || (isUnknown && append == 4), at);
        Assert.True(run.Invocations.Count(invocation => invocation.Tool.Tool.Value == RunCast.Once) <= 1, at);

        // The outcome is unknown from the moment the start is durable until the result is.
        Assert.Equal((append == 4 && isAfter) || (append == 5 && !isAfter), isUnknown);
        await run.RequireChainAsync();
    }

    private sealed class CrashPoints
    {
        private readonly Dictionary<RunKey, (int Append, bool IsAfter)> _points = [];
        private readonly Dictionary<RunKey, int> _begun = [];
        private readonly TaskCompletionSource _allReached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reached;

        public Task AllReached => _allReached.Task;

        public void Set(RunKey run, int append, bool isAfter) => (_points[run], _begun[run]) = ((append, isAfter), 0);

        public Task BeforeAsync(JournalAppend append)
        {
            lock (_begun) return ReachAsync(append.Run, _begun[append.Run]++, isAfter: false);
        }

        public Task AfterAsync(JournalAppend append)
        {
            lock (_begun) return ReachAsync(append.Run, _begun[append.Run] - 1, isAfter: true);
        }

        private Task ReachAsync(RunKey run, int append, bool isAfter)
        {
            if (_points[run] != (append, isAfter)) return Task.CompletedTask;
            if (++_reached == _points.Count) _allReached.SetResult();
            return FaultyStore.Silence();
        }
    }
}
