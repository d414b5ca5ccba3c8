using System.Diagnostics;

namespace AgentRuntime.Chaos.Kill;

/// <summary>A process of this program that is not to be harmed. It prints a line when it is ready.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static async Task<ChildProcess> StartAsync(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true })!;
        var child = new ChildProcess(process);
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is not null) return child;
        await child.DisposeAsync();
        throw new InvalidOperationException($"{string.Join(' ', arguments)} did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
