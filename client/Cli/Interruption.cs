using System.Runtime.InteropServices;

namespace AgentRuntime.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The command is asked to end and has a moment for it; what must not be torn is waited for, by whichever way the process ends.
/// A second signal waits for nothing.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private static readonly SemaphoreSlim Whole = new(1);

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    public Interruption() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, End), PosixSignalRegistration.Create(PosixSignal.SIGTERM, End)];

    /// <summary>Runs the command.</summary>
    public async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        var code = await command(_asked.Token);

        // The command may have gone without waiting for what it began.
        await Whole.WaitAsync();
        return code;
    }

    /// <summary>Does what must not be torn. It has to end by itself, and soon.</summary>
    public static async Task<T> HoldOffAsync<T>(Func<Task<T>> work)
    {
        await Whole.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            Whole.Release();
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _asked.Dispose();
    }

    private void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1) Environment.Exit(ExitCode.Interrupted);
        _ = EndSoonAsync();
    }

    private async Task EndSoonAsync()
    {
        var moment = Task.Delay(Moment, TimeProvider.System);
        await _asked.CancelAsync();
        await moment;
        await Whole.WaitAsync();
        Environment.Exit(ExitCode.Interrupted);
    }
}
