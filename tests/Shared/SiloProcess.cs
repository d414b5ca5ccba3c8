using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Testing;

/// <summary>A real silo process, what it prints, and what can be done to it. Killed at the end.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>It takes 1 to 2 s on a quiet machine; one that builds and tests at the same time takes many times that.</summary>
    public static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(90);

    private const int SigTerm = 15;
    private static readonly int SigStop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int SigCont = OperatingSystem.IsMacOS() ? 19 : 18;

    private readonly Process _process;
    private readonly ConcurrentQueue<JsonElement> _events = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process, SiloProcessOptions options)
    {
        _process = process;
        Options = options;
    }

    public SiloProcessOptions Options { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The JSON lines so far.</summary>
    public IReadOnlyList<JsonElement> Events => [.. _events];

    /// <summary>What it wrote to stderr so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts the process without waiting for anything.</summary>
    public static SiloProcess Launch(SiloProcessOptions options)
    {
        var silo = new SiloProcess(new Process { StartInfo = StartInfo(options), EnableRaisingEvents = true }, options);
        silo.Begin();
        return silo;
    }

    /// <summary>Starts the process and waits until it serves.</summary>
    /// <exception cref="TimeoutException">It did not become ready in time, or ended.</exception>
    public static async Task<SiloProcess> StartAsync(SiloProcessOptions options, TimeSpan? patience = null)
    {
        var silo = Launch(options);
        try
        {
            await silo.WaitForAsync("ready", _ => true, patience ?? ReadyPatience);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a JSON line, one that was already printed included.</summary>
    public async Task<JsonElement> WaitForAsync(string @event, Func<JsonElement, bool> matches, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
            }

            if (Find(@event, matches) is { } found)
            {
                return found;
            }

            if (_process.HasExited)
            {
                throw new TimeoutException($"Silo {Id} ended with {_process.ExitCode} while '{@event}' was awaited. {Errors}");
            }

            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Silo {Id} did not print the awaited '{@event}' in {patience}. Printed: {string.Join(' ', _events)} {Errors}");
            }
        }
    }

    /// <summary>Waits until it counts exactly these silo ports as active; the newest word counts.</summary>
    public Task WaitForClusterAsync(IReadOnlyCollection<int> siloPorts, TimeSpan patience) =>
        WaitForAsync("cluster", line => line.Equals(Find("cluster", _ => true, last: true)) && PortsOf(line).SetEquals(siloPorts), patience);

    /// <summary>Waits for the end and returns the exit code.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Silo {Id} did not end within {patience}. {Errors}");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>SIGTERM: asks it to stop gracefully.</summary>
    public void Terminate() => Send(SigTerm);

    /// <summary>SIGSTOP: freezes it.</summary>
    public void Freeze() => Send(SigStop);

    /// <summary>SIGCONT: lets it go on.</summary>
    public void Thaw() => Send(SigCont);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(SiloProcessOptions options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", options.Program, .. options.Verb, "--data", options.DataFolder, "--json",
            "--grpc-port", Text(options.GrpcPort), "--http-port", Text(options.HttpPort), "--silo-port", Text(options.SiloPort),
            .. options.Arguments,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static HashSet<int> PortsOf(JsonElement line) =>
        [.. line.GetProperty("active").EnumerateArray().Select(address => int.Parse(address.GetString()!.Split(':', '@')[1], CultureInfo.InvariantCulture))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.Exited += (_, _) => Wake();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is not null && line.StartsWith('{'))
        {
            _events.Enqueue(JsonDocument.Parse(line).RootElement);
            Wake();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private JsonElement? Find(string @event, Func<JsonElement, bool> matches, bool last = false)
    {
        var found = _events.Where(line => line.GetProperty("event").GetString() == @event && matches(line)).Select(line => (JsonElement?)line);
        return last ? found.LastOrDefault() : found.FirstOrDefault();
    }

    private void Send(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
