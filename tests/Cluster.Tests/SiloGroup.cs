using AgentRuntime.Testing;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Silo processes on one data folder.</summary>
internal sealed class SiloGroup : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<SiloProcess> _started = [];

    public string DataFolder => _folder.Path;

    public SiloProcessOptions NewOptions() => SiloProcessOptions.OnFreePorts(_folder.Path);

    public async Task<SiloProcess> StartAsync(SiloProcessOptions? options = null)
    {
        var silo = SiloProcess.Launch(options ?? NewOptions());
        _started.Add(silo);
        await silo.WaitForAsync("ready", _ => true, SiloProcess.ReadyPatience);
        return silo;
    }

    /// <summary>Starts <paramref name="count"/> at once and waits until each counts all.</summary>
    public async Task<IReadOnlyList<SiloProcess>> StartClusterAsync(int count)
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => NewOptions()).ToList().Select(StartAsync));
        await WaitAsync(silos, silos, TimeSpan.FromSeconds(15));
        return silos;
    }

    /// <summary>Waits until each of <paramref name="observers"/> counts exactly <paramref name="members"/>.</summary>
    public static Task WaitAsync(IEnumerable<SiloProcess> observers, IEnumerable<SiloProcess> members, TimeSpan patience)
    {
        var ports = members.Select(silo => silo.Options.SiloPort).ToList();
        return Task.WhenAll(observers.Select(silo => silo.WaitForClusterAsync(ports, patience)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _started)
        {
            await silo.DisposeAsync();
        }

        _folder.Dispose();
    }
}
