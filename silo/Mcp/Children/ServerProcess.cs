using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentRuntime.Mcp.Children;

/// <summary>A running server: its pipes, and its end with everything in its process group. What it has put into a group of its own (setsid) stays.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a server may take to end by itself once its standard input has.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private const int SigKill = 9;

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Task _errors;
    private readonly Task _ended;
    private volatile bool _isDisposed;

    private ServerProcess(Process process, ServerErrors errors, TimeProvider time)
    {
        _process = process;
        _time = time;
        Id = process.Id;
        _errors = errors.ReadAsync(process.StandardError.BaseStream);
        _ended = EndGroupAsync();
    }

    public int Id { get; }

    /// <summary>Whether it has ended, known before anybody has read the end of its output.</summary>
    public bool HasEnded => _isDisposed || _process.HasExited;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts a program with these environment variables and no others.</summary>
    public static async Task<ServerProcess> StartAsync(ChildStarter starter, ServerLaunch launch, ServerErrors errors, TimeProvider time)
    {
        var command = ChildCommand.For(launch.Command, launch.Uid);
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = launch.Folder,
        };
        info.Environment.Clear();
        foreach (var (name, value) in launch.Environment) info.Environment[name] = value;
        return new ServerProcess(await starter.StartAsync(info), errors, time);
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        if (ChildCommand.OwnsGroup) _ = Signal(-Id, SigKill);
        else _process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            Input.Close();
        }
        catch (IOException)
        {
            // What was still to be flushed finds nobody.
        }

        try
        {
            await _ended.WaitAsync(StopGrace, _time);
        }
        catch (TimeoutException)
        {
            Kill();
            await _ended.WaitAsync(StopGrace, _time).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        await _errors.WaitAsync(StopGrace, _time).ContinueWith(static _ => { }, TaskScheduler.Default);
        _process.Dispose();
    }

    // When the program ends, what it started must not hold its pipes open or stay behind.
    private async Task EndGroupAsync()
    {
        await _process.WaitForExitAsync();
        if (ChildCommand.OwnsGroup) _ = Signal(-Id, SigKill);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);
}
