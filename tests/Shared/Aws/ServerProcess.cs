using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>A server in a process of its own, which ends with this one, however that ends.</summary>
internal abstract class ServerProcess(Process keeper, int port) : IAsyncDisposable
{
    // The keeper reads until our end of the pipe is closed, be it by a kill, and then ends the server.
    private const string Keep = """ "$@" & server=$!; cat > /dev/null; kill -9 $server """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Uri Endpoint { get; } = new($"http://127.0.0.1:{port}");

    /// <summary>Starts <paramref name="program"/> and waits until it listens on <paramref name="port"/>.</summary>
    protected static async Task<T> StartAsync<T>(Func<Process, int, T> make, int port, params string[] program)
        where T : ServerProcess
    {
        var keeper = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Keep, "keeper", .. program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        keeper.BeginOutputReadLine();
        keeper.BeginErrorReadLine();
        var started = make(keeper, port);
        try
        {
            await Listening.OnAsync(port, keeper, Patience);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        keeper.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await keeper.WaitForExitAsync(deadline.Token);
        keeper.Dispose();
    }
}
