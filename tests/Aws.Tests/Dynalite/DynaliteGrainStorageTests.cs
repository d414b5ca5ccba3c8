using AgentRuntime.Aws.Tests.DynamoDb.GrainState;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>On dynalite.</summary>
public sealed class DynaliteGrainStorageTests(DynaliteStandIn aws) : GrainStorageConformance, IAsyncLifetime
{
    private StateStore? _store;

    public async ValueTask InitializeAsync() => _store = await StateStore.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    protected override IGrainStorage Open() => _store!.Open();
}
