using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Threading.Channels;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Script;

namespace AgentRuntime.Chaos.Kill;

/// <summary>Starts runs as an application does: with one request id, again and again over any silo that lives, until it is acknowledged.</summary>
internal sealed class Load(World world, KillOptions options)
{
    private const int Starters = 6;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly Channel<RunScript> _released = Channel.CreateUnbounded<RunScript>();
    private readonly ConcurrentDictionary<int, StartAnswer> _acknowledged = new();
    private int _count;

    /// <summary>Runs whose start was acknowledged.</summary>
    public IReadOnlyDictionary<int, StartAnswer> Acknowledged => _acknowledged;

    /// <summary>Lets runs start until <paramref name="total"/> have.</summary>
    public void Release(int total)
    {
        for (; _count < Math.Min(total, options.Runs); _count++) _released.Writer.TryWrite(RunScript.Create(_count + 1, options.Seed));
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Starters).Select(lane => StartAllAsync(lane, stop)));

    private async Task StartAllAsync(int lane, CancellationToken stop)
    {
        try
        {
            await foreach (var script in _released.Reader.ReadAllAsync(stop))
            {
                for (var attempt = 0; !await TryStartAsync(script, lane + attempt); attempt++) await Task.Delay(Again, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryStartAsync(RunScript script, int choice)
    {
        if (world.Any(choice) is not { } seat) return false;
        try
        {
            using var response = await seat.PostAsync("/chaos/start", new StartCall(ChaosCast.RequestOf(script), script.Input));
            if (!response.IsSuccessStatusCode) return false;
            _acknowledged[script.Run] = (await response.Content.ReadFromJsonAsync<StartAnswer>())!;
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
