using AgentRuntime.Aws.Tests.AwsStore;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>On dynalite, transactions split.</summary>
public sealed class DynaliteRunCatalogTests(DynaliteStandIn aws) : RunCatalogConformance, IAsyncLifetime
{
    private RunStoreOfTest? _store;

    private protected override IRunJournal Journal => _store!.Journal;

    private protected override IRunCatalog Catalog => _store!.Catalog;

    public async ValueTask InitializeAsync() => _store = await DynaliteRunStore.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }
}
