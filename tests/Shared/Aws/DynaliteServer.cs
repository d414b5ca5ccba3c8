using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// A process of dynalite, another stand-in for DynamoDB, that keeps everything in memory and listens on loopback. It was written by others than DynamoDB
/// Local, so it is a second opinion on expressions, keys and pages. It has no transactions and no time to live.
/// </summary>
internal sealed class DynaliteServer : ServerProcess
{
    private DynaliteServer(Process keeper, int port)
        : base(keeper, port)
    {
    }

    /// <summary>Starts one from the folder of npm packages; null where no Node.js is new enough.</summary>
    public static async Task<DynaliteServer?> StartAsync(string modules)
    {
        if (await RecentNode.FindAsync(modules) is not { } node) return null;
        var port = FreePorts.Take(1)[0];
        return await StartAsync(
            static (keeper, port) => new DynaliteServer(keeper, port),
            port,
            node, Path.Combine(modules, "dynalite", "cli.js"), "--host", "127.0.0.1", "--port", $"{port}", "--createTableMs", "0", "--updateTableMs", "0");
    }
}
