using AgentRuntime.Testing;

[assembly: AssemblyFixture(typeof(AgentRuntime.Silo.Tests.Runs.RunHost))]

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>The silo that the tests of runs share. Each test has runs of its own on it.</summary>
public sealed class RunHost : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();

    internal RunSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Silo = await RunSilo.StartAsync(_folder.Path, new RunScripts());
        await Silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _folder.Dispose();
    }
}
