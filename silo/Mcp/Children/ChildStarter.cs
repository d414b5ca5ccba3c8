using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentRuntime.Mcp.Children;

/// <summary>
/// Starts processes on one thread of its own, which lives as long as the silo: Linux sends a child its death signal when the thread that made it
/// ends, and threads of the pool come and go (prctl(2), PR_SET_PDEATHSIG).
/// </summary>
internal sealed class ChildStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Done)> _wanted = [];
    private readonly Lazy<Thread> _thread;

    public ChildStarter() => _thread = new Lazy<Thread>(() =>
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "mcp-starter" };
        thread.Start();
        return thread;
    });

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        _ = _thread.Value;
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted.Add((info, done));
        return done.Task;
    }

    public void Dispose() => _wanted.CompleteAdding();

    private void Work()
    {
        foreach (var (info, done) in _wanted.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Process.Start(info)!);
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        }
    }
}
