using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>A process of moto, which stands in for S3, on loopback. It ends with this process, however that ends. For few requests: it is slow.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;

    private MotoServer(Process keeper, int port) => (_keeper, Endpoint) = (keeper, new Uri($"http://127.0.0.1:{port}"));

    public Uri Endpoint { get; }

    /// <summary>Starts one with the Python that <see cref="PythonPackages"/> found.</summary>
    public static async Task<MotoServer> StartAsync(string python)
    {
        var port = FreePorts.Take(1)[0];
        // The keeper reads until our end of the pipe is closed, be it by a kill, and then ends the server.
        const string Keep = """ "$@" & server=$!; cat > /dev/null; kill -9 $server """;
        var keeper = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Keep, "keeper", python, "-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        keeper.BeginOutputReadLine();
        keeper.BeginErrorReadLine();
        var started = new MotoServer(keeper, port);
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
        _keeper.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await _keeper.WaitForExitAsync(deadline.Token);
        _keeper.Dispose();
    }
}
