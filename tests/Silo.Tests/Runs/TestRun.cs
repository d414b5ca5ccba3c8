using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Testing;
using AgentRuntime.Tools;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>One run as a test sees it: its grain and its journal on one silo.</summary>
internal sealed class TestRun(RunSilo silo, RunKey key, StartRun command)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static int _forks;

    public RunKey Key => key;

    public StartRun Command => command;

    public IAgentRunGrain Grain => silo.Grains.GetGrain<IAgentRunGrain>(AgentRunGrainKey.For(key.Tenant, key.Run));

    /// <summary>The calls that reached a tool.</summary>
    public IReadOnlyList<ToolInvocation> Invocations => silo.Scripts.Invocations(key);

    public TestRun On(RunSilo other) => new(other, key, command);

    public Task<RunView> StartAsync() => Grain.StartAsync(command).WaitAsync(Patience);

    /// <summary>A fork that is not made yet.</summary>
    public (TestRun Run, ForkRun Command) NewFork(long atSeq, bool live, string? input = null)
    {
        var command = new ForkRun(key.Run, atSeq, live, input, $"fork-{Interlocked.Increment(ref _forks)}-of-{key.Run}", RunCast.App);
        return (ForkOf(command), command);
    }

    public TestRun ForkOf(ForkRun fork) => new(silo, new RunKey(key.Tenant, RunIds.FromRequest(key.Tenant, fork.RequestId)), command);

    public async Task<TestRun> ForkAsync(long atSeq, bool live, string? input = null)
    {
        var fork = NewFork(atSeq, live, input);
        await fork.Run.Grain.ForkAsync(fork.Command).WaitAsync(Patience);
        return fork.Run;
    }

    public async Task<RunView> ViewAsync() => (await Grain.GetAsync().WaitAsync(Patience))!;

    public Task<RunView> ControlAsync(RunControl control) => Grain.ControlAsync(new ControlRun(control, "because", RunCast.Operator)).WaitAsync(Patience);

    public Task<RunView> SendAsync(string text, string requestId) => Grain.SendAsync(new SendInput(text, requestId, RunCast.App)).WaitAsync(Patience);

    public Task<ApprovalView> DecideAsync(ApprovalId approval, ApprovalVerdict verdict, Principal by, string? result = null) =>
        Grain.DecideAsync(new DecideApproval(approval, verdict, "looked at it", result, by)).WaitAsync(Patience);

    public async Task<IReadOnlyList<JournalEntry>> EntriesAsync() =>
        await silo.Journal.ReadAsync(key, 0, int.MaxValue, int.MaxValue, CancellationToken.None);

    public async Task<IReadOnlyList<RunRecord>> RecordsAsync()
    {
        var records = new List<RunRecord>();
        await ReadOnAsync(records);
        return records;
    }

    public async Task<RunRow> RowAsync() => (await silo.Journal.LoadAsync(key, CancellationToken.None))!.Row;

    /// <summary>The journal once it holds what is wanted.</summary>
    public async Task<IReadOnlyList<RunRecord>> WaitAsync(Predicate<IReadOnlyList<RunRecord>> until, string wanted)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var records = new List<RunRecord>();
        while (true)
        {
            var appended = silo.Get<RunSignals>().NextAppend(key);
            await ReadOnAsync(records);
            if (until(records)) return records;
            try
            {
                await appended.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Run {key} has no {wanted}. It has: {string.Join("\n", records)}");
            }
        }
    }

    /// <summary>The first record of a type, once it is there.</summary>
    public async Task<T> WaitForAsync<T>()
        where T : RunRecord => (await WaitAsync(records => records.OfType<T>().Any(), typeof(T).Name)).OfType<T>().First();

    /// <summary>All records, once the run is terminal.</summary>
    public Task<IReadOnlyList<RunRecord>> EndAsync() => WaitAsync(records => records[^1] is RunCompleted or RunFailed or RunCancelled, "end");

    /// <summary>The newest question to a person, once there are <paramref name="count"/>.</summary>
    public async Task<ApprovalId> AskedAsync(int count = 1)
    {
        var records = await WaitAsync(records => records.OfType<ApprovalRequested>().Count() >= count, "question");
        return ApprovalId.Parse(records.OfType<ApprovalRequested>().Last().Approval);
    }

    public async Task<ApprovalView> InboxAsync(ApprovalId approval) =>
        (await silo.Inbox.GetAsync(key.Tenant, approval, CancellationToken.None))!;

    /// <summary>Completes once no activation of the run is left.</summary>
    public Task AsleepAsync() => Eventually.TrueAsync(
        async () => !(await silo.Grains.GetGrain<IManagementGrain>(0).GetActiveGrains(Grain.GetGrainId().Type)).Contains(Grain.GetGrainId()),
        $"run {key} is asleep");

    /// <summary>Fails unless the chain of the whole journal holds.</summary>
    public async Task RequireChainAsync() => Assert.Null(RunChain.FindFault(key, await EntriesAsync(), (await RowAsync()).HeadHash));

    private async Task ReadOnAsync(List<RunRecord> records)
    {
        var reader = silo.Get<EntryReader>();
        foreach (var entry in await silo.Journal.ReadAsync(key, records.Count, int.MaxValue, int.MaxValue, CancellationToken.None))
            records.Add((await reader.ReadAsync(entry, CancellationToken.None)).Record!);
    }
}
