using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>A program of a user's own as a process. Killed at the end.</summary>
internal sealed class UserProgram : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    private UserProgram(Process process) => _process = process;

    /// <summary>All that it has printed.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts it in its project's folder.</summary>
    public static UserProgram Start(string folder, string program, IReadOnlyDictionary<string, string> environment)
    {
        var started = new UserProgram(new Process { StartInfo = Dotnet.Command(folder, environment, "exec", program) });
        started._process.OutputDataReceived += (_, line) => started.Take(line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Take(line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task WaitForAsync(string text)
    {
        var deadline = Stopwatch.StartNew();
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(_process.HasExited, $"The program ended while '{text}' was awaited: {Output}");
            Assert.True(deadline.Elapsed < Patience, $"'{text}' was not printed in {Patience}: {Output}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The program did not end in {Patience}: {Output}");
        }
    }

    /// <summary>Asks it to stop, as whoever looks after programs does.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, SigTerm));

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    private void Take(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
