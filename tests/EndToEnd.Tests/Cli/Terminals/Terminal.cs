using System.Diagnostics;
using System.Text;

namespace AgentRuntime.EndToEnd.Tests.Cli.Terminals;

/// <summary>
/// A real terminal (a pty made by <c>script</c>) in which a shell finds agentctl, as a person has it. Killed at the end.
/// </summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const string Greeting = "\u001b[?1h\u001b=";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;

    private Terminal(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>All that it has shown, escapes included, but for the one with which .NET greets a terminal.</summary>
    public string Shown
    {
        get
        {
            lock (_shown) return _shown.ToString().Replace(Greeting, "", StringComparison.Ordinal);
        }
    }

    /// <summary>Runs a line of shell.</summary>
    /// <param name="line">What a person types; <c>agentctl</c> is in the path.</param>
    /// <param name="folder">Where the program's own things lie, and what it is configured with.</param>
    /// <param name="environment">More environment variables.</param>
    public static Terminal Start(string line, TerminalPlace folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Whoever runs in the background ignores Ctrl-C, and so does all that it starts; a person's terminal does not.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "script", "-qefc", $"stty cols 200; {line}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var name in new[] { "AGENTRT_ENDPOINT", "AGENTRT_AS", "AGENTRT_ROLE", "AGENTRT_TENANT", "AGENTRT_TOKEN", "NO_COLOR" }) start.Environment.Remove(name);
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["PATH"] = $"{folder.Bin}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["XDG_CONFIG_HOME"] = folder.Config;
        start.Environment["AGENTRT_DATA"] = folder.Data;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Runs a line of shell to its end.</summary>
    public static async Task<(int ExitCode, string Shown)> RunAsync(string line, TerminalPlace folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var terminal = Start(line, folder, environment);
        return (await terminal.WaitForExitAsync(), terminal.Shown);
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    public async Task WaitForAsync(string text)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!Shown.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"It ended while '{text}' was awaited: {Shown}");
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, $"'{text}' was not shown in {Patience}: {Shown}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            await _reading.WaitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not end in {Patience}: {Shown}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_shown) _shown.Append(buffer, 0, read);
        }
    }
}
