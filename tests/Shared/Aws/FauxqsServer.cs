using System.Diagnostics;
using System.Globalization;

namespace AgentRuntime.Testing.Aws;

/// <summary>A process of fauxqs, a stand-in for SQS, that keeps everything in memory and listens on loopback.</summary>
internal sealed class FauxqsServer : ServerProcess
{
    // Its own program listens on all addresses.
    private const string Program = """
        const [, modules, port] = process.argv;
        const { buildApp } = await import(`file://${modules}/fauxqs/dist/app.js`);
        await buildApp({ logger: false }).listen({ port: Number(port), host: "127.0.0.1" });
        """;

    private FauxqsServer(Process keeper, int port)
        : base(keeper, port)
    {
    }

    /// <summary>Starts one from the folder of npm packages; null where no Node.js is new enough.</summary>
    public static async Task<FauxqsServer?> StartAsync(string modules)
    {
        if (await RecentNode.FindAsync(modules) is not { } node) return null;
        var port = FreePorts.Take(1)[0];
        return await StartAsync(
            static (keeper, port) => new FauxqsServer(keeper, port), port, node, "--input-type=module", "-e", Program, modules, port.ToString(CultureInfo.InvariantCulture));
    }
}
