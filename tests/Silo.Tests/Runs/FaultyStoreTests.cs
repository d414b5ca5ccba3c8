using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Tests on a silo whose store fails. Each test has the silo for itself, because a fault meets every run.</summary>
public abstract class FaultyStoreTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();

    private protected FaultyStore Store { get; } = new();

    private protected RunSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), Store.Equip);
        await Silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
