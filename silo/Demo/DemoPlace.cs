using System.Globalization;

namespace AgentRuntime.Demo;

/// <summary>Where the demo's files and its shop are.</summary>
internal sealed record DemoPlace(DemoSamples Samples, int OrdersPort)
{
    public static string OrdersHost(int port) => string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");
}
