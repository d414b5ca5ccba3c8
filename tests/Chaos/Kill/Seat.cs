using System.Net.Http.Json;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Testing;

namespace AgentRuntime.Chaos.Kill;

/// <summary>
/// A place for a silo process with ports of its own; whoever is killed here comes back here. Where there is an older version, every other start is of that,
/// and seats side by side differ.
/// </summary>
internal sealed class Seat(int number, SiloProcessOptions options, SiloProcessOptions? old, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A call that waits for a dead silo is given up early: whoever asked asks another one.
    private readonly HttpClient _control = new() { BaseAddress = new Uri($"http://127.0.0.1:{options.HttpPort}"), Timeout = TimeSpan.FromSeconds(4) };
    private SiloProcess? _process;
    private int _generation;

    public int Number => number;

    public int SiloPort => options.SiloPort;

    /// <summary>Ready, and not frozen.</summary>
    public bool Serves { get; private set; }

    public bool IsFrozen { get; private set; }

    public int OldStarts { get; private set; }

    public bool IsDown => _process is null or { HasExited: true };

    public string AckFile => Path.Combine(folder, $"acks-{number}");

    private string PhaseFilePath => Path.Combine(folder, $"phases-{number}-{_generation}");

    public void Launch()
    {
        _generation++;
        PhaseFile.Create(PhaseFilePath);
        var launched = options;
        if (old is not null && (number + _generation) % 2 == 0)
        {
            launched = old;
            OldStarts++;
        }

        _process = SiloProcess.Launch(launched with { Arguments = [.. launched.Arguments, "--phases", PhaseFilePath, "--acks", AckFile] });
    }

    public async Task BecomeReadyAsync()
    {
        await _process!.WaitForAsync("ready", _ => true, Patience);
        Serves = true;
    }

    public async Task StartAsync()
    {
        Launch();
        await BecomeReadyAsync();
    }

    public IReadOnlySet<Phase> Phases() => PhaseFile.Read(PhaseFilePath);

    /// <summary>kill -9. Returns what the process was doing when it died.</summary>
    public async Task<IReadOnlySet<Phase>> KillAsync()
    {
        Serves = false;
        IsFrozen = false;
        await _process!.KillAsync();
        return Phases();
    }

    public void Freeze()
    {
        Serves = false;
        IsFrozen = true;
        _process!.Freeze();
    }

    public void Thaw()
    {
        _process!.Thaw();
        IsFrozen = false;
    }

    /// <summary>Whether the process ends by itself in time.</summary>
    public async Task<bool> EndsAsync(TimeSpan patience)
    {
        try
        {
            await _process!.WaitForExitAsync(patience);
            return true;
        }
        catch (OperationCanceledException)
        {
            Serves = true;
            return false;
        }
    }

    public async Task<T?> GetAsync<T>(string path) => await _control.GetFromJsonAsync<T>(path);

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body) => _control.PostAsJsonAsync(path, body);

    public string Errors => _process?.Errors ?? string.Empty;

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
        _control.Dispose();
    }
}
