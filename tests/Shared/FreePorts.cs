using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentRuntime.Testing;

/// <summary>
/// Ports on loopback that nobody has now, and that neither another test process nor the system gives away before they are used.
/// </summary>
internal static class FreePorts
{
    // Above the ports that a silo finds for itself, below those that Linux (from 32768), macOS and Windows (from 49152) give to outgoing connections.
    private const int First = 22_000;
    private const int End = 32_000;

    /// <summary>One locked file a port; the system unlocks them when this process ends, however it ends.</summary>
    private static readonly ConcurrentDictionary<int, FileStream> Leases = [];

    public static int[] Take(int count)
    {
        var taken = new int[count];
        for (var at = 0; at < count; at++)
        {
            taken[at] = TakeOne();
        }

        return taken;
    }

    private static int TakeOne()
    {
        for (var attempt = 0; attempt < End - First; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (TryLease(port) && CanListen(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {End - 1} is free.");
    }

    private static bool TryLease(int port)
    {
        if (Leases.ContainsKey(port))
        {
            return false;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "agent-runtime-test-ports"));
        try
        {
            return Leases.TryAdd(port, new FileStream(Path.Combine(folder.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (IOException)
        {
            return false; // Another test process has it.
        }
    }

    private static bool CanListen(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
