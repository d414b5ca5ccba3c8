using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>A process of moto, which stands in for S3, on loopback. For few requests: it is slow.</summary>
internal sealed class MotoServer : ServerProcess
{
    private MotoServer(Process keeper, int port)
        : base(keeper, port)
    {
    }

    /// <summary>Starts one with the Python that <see cref="PythonPackages"/> found.</summary>
    public static Task<MotoServer> StartAsync(string python)
    {
        var port = FreePorts.Take(1)[0];
        return StartAsync(static (keeper, port) => new MotoServer(keeper, port), port, python, "-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}");
    }
}
