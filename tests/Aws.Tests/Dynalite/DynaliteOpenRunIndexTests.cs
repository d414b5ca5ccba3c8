using AgentRuntime.Aws.Tests.AwsStore;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>On dynalite, transactions split.</summary>
public sealed class DynaliteOpenRunIndexTests(DynaliteStandIn aws) : OpenRunIndexConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private protected override IRunJournal Journal => _store!.Journal;

    private protected override IOpenRunIndex Index => _store!.Index;

    public async ValueTask InitializeAsync() => _store = await DynaliteRunStore.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }
}
