using System.Text;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Embedded;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded;

/// <summary>A data folder without a silo, with runs whose records are real.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder _scratch = new();
    private int _runs;
    private string _place = FolderLayout.SharedPlace;

    private StoreBench()
    {
    }

    public DataFolder Folder { get; private set; } = null!;

    public RunStore Store { get; private set; } = null!;

    public SqliteRunJournal Journal => new(Store.Journal);

    public static async Task<StoreBench> OpenAsync()
    {
        var bench = new StoreBench();
        bench.Folder = await DataFolder.OpenAsync(bench._scratch.Path, null, null, TimeProvider.System, CancellationToken.None);
        bench.Store = RunStore.Open(bench.Folder, bench._place);
        return bench;
    }

    public string At(string name) => _scratch.At(name);

    public async Task SetRetentionAsync(RetentionSettings? retention, TenantId? tenant = null)
    {
        using var states = OfflineGrainState.Open(Folder, _place);
        var of = tenant ?? RunCast.Tenant;
        var state = new GrainState<TenantState>(new TenantState());
        var grain = GrainId.Create("tenant", TenantGrainKey.For(of));
        await states.Storage.ReadStateAsync("tenant", grain, state);
        state.State = new TenantState { Settings = new TenantSettings("Acme", 1_000, []) { Retention = retention }, CreatedAt = Now };
        await states.Storage.WriteStateAsync("tenant", grain, state);
    }

    /// <summary>A run of six records. What it says, what its tool gives and what a person is shown hold <paramref name="secret"/>.</summary>
    public async Task<RunKey> AddRunAsync(
        string secret, string classes = "", DateTimeOffset? endedAt = null, string? large = null, int padding = 100, TenantId? tenant = null)
    {
        var key = new RunKey(tenant ?? RunCast.Tenant, RunId.Parse($"run-{++_runs}"));
        var asked = JournalSamples.Approval($"{key.Run}-1-0-1", key) with { Arguments = $"{{\"to\":\"{secret}\"}}" };
        var writer = new EntryWriter(Store.Artifacts);
        var head = new byte[HeaderCodec.HashBytes];
        RunRecord[] records =
        [
            Started(key, $"please do {secret}"),
            new ModelReplied(1, 1, "rules", $"I do {secret}", [], 1, 1),
            new ToolReturned(1, 0, 1, ToolOutcomeKind.Success, large ?? $"did {secret} {new string('.', padding)}"),
            new RunPaused("idp|person|olga", secret),
            new RunResumed("idp|person|olga", secret),
            new RunCompleted($"done {secret}"),
        ];
        for (var seq = 0; seq < (endedAt is null ? 5 : 6); seq++)
        {
            var entry = await writer.WriteAsync(new HeaderFields(key, seq, "", 0, 0, Now, "runtime", default, 0), records[seq], head);
            var append = new JournalAppend(key, seq, [entry])
            {
                Start = seq == 0 ? new NewRun("worker", "silo-1", Now, 100_000) { DataClasses = classes.Split(',', StringSplitOptions.RemoveEmptyEntries) } : null,
                Snapshot = seq == 3 ? Encoding.UTF8.GetBytes($"snapshot {secret} {new string('.', padding)}") : null,
                Inbox = seq == 1 ? [asked] : seq == 2 ? [asked with { State = ApprovalState.Approved, Reason = $"looks like {secret}" }] : [],
                Row = seq == 5 ? new RowChange(RunStatus.Completed, OpenState.Closed, null, null, endedAt, [.. head]) : null,
            };
            Assert.IsType<AppendResult.Appended>(await Journal.AppendAsync(append));
        }

        return key;
    }

    /// <summary>From now on runs and tenants are added to this one's segment.</summary>
    public async Task EnterSegmentAsync(TenantId tenant)
    {
        _place = FolderLayout.PlaceOf(tenant);
        await ReopenAsync();
    }

    /// <summary>Closes the store, so that only files are left.</summary>
    public async Task CloseAsync() => await Store.DisposeAsync();

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = RunStore.Open(Folder, _place);
    }

    /// <summary>Which of <paramref name="secrets"/> are in some file of the folder, as they are.</summary>
    public IReadOnlyList<string> FindInFiles(IEnumerable<string> secrets)
    {
        var files = Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Select(File.ReadAllBytes).ToList();
        return [.. secrets.Where(secret => files.Exists(file => file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0))];
    }

    public Task<IReadOnlyList<JournalEntry>> EntriesAsync(RunKey run) => Journal.ReadAsync(run, 0, int.MaxValue, int.MaxValue, CancellationToken.None);

    public async Task RequireChainAsync(RunKey run)
    {
        var row = (await Journal.LoadAsync(run, CancellationToken.None))!.Row;
        var entries = await EntriesAsync(run);
        Assert.NotEmpty(entries);
        Assert.Null(RunChain.FindFault(run, entries, row.HeadHash));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _scratch.Dispose();
    }

    private static RunStarted Started(RunKey key, string input) => new(
        RunCast.App, null, "worker", 1, "hash", "idp|person|author", [], "policy", "rules", new AgentRuntime.Agents.RunLimits(), key.Run.Value, "digest", input);
}
