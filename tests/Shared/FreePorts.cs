using System.Net;
using System.Net.Sockets;

namespace AgentRuntime.Testing;

/// <summary>Ports on loopback that nobody has now.</summary>
internal static class FreePorts
{
    public static int[] Take(int count)
    {
        // All at once, so that none is given twice.
        var probes = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            probes.ForEach(probe => probe.Start());
            return [.. probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port)];
        }
        finally
        {
            probes.ForEach(probe => probe.Dispose());
        }
    }
}
