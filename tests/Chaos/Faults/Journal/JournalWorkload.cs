using AgentRuntime.Approvals;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>Runs that are started, continued, taken over and closed by writers in two silos who know nothing of each other.</summary>
internal sealed class JournalWorkload : IWorkload
{
    private const int Silos = 2;
    private const int WritersOfASilo = 4;
    private const int OpenShards = 3;

    private readonly FaultyAws _aws;
    private readonly Oracle _oracle;
    private readonly JournalTable _table = new("faults-journal", OpenShards);
    private readonly RunSlots _slots;
    private readonly List<ServiceProvider> _silos = [];
    private readonly ScratchFolder _scratch = new();
    private readonly FileArtifactStore _artifacts;
    private long _operations;

    public JournalWorkload(FaultyAws aws, Oracle oracle)
    {
        (_aws, _oracle, _slots) = (aws, oracle, new RunSlots(oracle));
        _artifacts = new FileArtifactStore(_scratch.Path, new byte[ArtifactNames.KeyBytes]);
    }

    public string Name => "journal";

    public long Operations => Interlocked.Read(ref _operations);

    public async Task PrepareAsync()
    {
        await _aws.CreateAsync(_table.Definition);
        for (var silo = 0; silo < Silos; silo++) _silos.Add(_aws.Connect().AddAwsRunStore(_table).BuildServiceProvider());
    }

    public Task RunAsync(FaultTally faults)
    {
        var writers = _silos.SelectMany((silo, at) => Enumerable.Range(at * WritersOfASilo, WritersOfASilo).Select(number =>
            new RunWriter(silo.GetRequiredService<IRunJournal>(), new EntryWriter(_artifacts), _slots, _oracle, _aws.Seed + number, number)));
        var reader = new IndexReader(_silos[0], _oracle);
        var turn = 0;
        return Task.WhenAll([.. writers.Select(writer => WorkAsync(faults, writer.StepAsync)), WorkAsync(faults, () => reader.StepAsync(turn++))]);
    }

    public async Task CheckAsync()
    {
        var journal = _silos[0].GetRequiredService<IRunJournal>();
        var inbox = _silos[0].GetRequiredService<IApprovalInbox>();
        var (rows, approvals) = (new List<RunRow>(), new List<ApprovalView>());
        foreach (var model in _slots.All)
        {
            var loaded = await journal.LoadAsync(model.Key, CancellationToken.None);
            _oracle.Require(loaded is not null || !model.IsStarted, "journal_lost", $"{model.Key} was started and is not there");
            if (loaded is null) continue;
            rows.Add(loaded.Row);
            model.CheckWhole(loaded.Row, await journal.ReadAsync(model.Key, 0, int.MaxValue, int.MaxValue, CancellationToken.None));
            var approval = await inbox.GetAsync(RunSlots.Tenant, ApprovalId.Parse($"approval-{model.Key.Run}"), CancellationToken.None);
            model.CheckApproval(approval?.State);
            if (approval is not null) approvals.Add(approval);
        }

        await new IndexReader(_silos[0], _oracle).CheckAsync(rows, approvals);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        _artifacts.Dispose();
        _scratch.Dispose();
    }

    private async Task WorkAsync(FaultTally faults, Func<Task> step)
    {
        while (!faults.IsEnough)
        {
            await _oracle.StepAsync(Name, step);
            Interlocked.Increment(ref _operations);
        }
    }
}
