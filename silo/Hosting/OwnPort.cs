using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AgentRuntime.Common;

namespace AgentRuntime.Hosting;

/// <summary>Finds out about ports before anything starts, so that a busy one is told in one line.</summary>
internal static class OwnPort
{
    // Below those from which systems take the port of a connection that goes out: such a connection cannot take the port between this look and its use.
    // Linux begins at 32,768 (ip_local_port_range), others at 49,152 (RFC 6335, section 6).
    private const int FirstFree = 10_000;
    private const int LastFree = 21_999;
    private const int MaxLooks = 50;

    // A program that starts one silo after the other must not find a port that the one before has yet to take.
    private static readonly ConcurrentDictionary<int, bool> Found = new();

    /// <summary>Returns <paramref name="port"/> of loopback, or a free one for 0.</summary>
    /// <exception cref="PortInUseException">Another process listens there.</exception>
    public static int Require(int port, string purpose, string option) => Require(IPAddress.Loopback, port, purpose, option);

    /// <summary>Returns <paramref name="port"/>, or a free one for 0.</summary>
    /// <exception cref="PortInUseException">Another process listens there.</exception>
    /// <exception cref="AgentRuntimeException">InvalidArgument: the address is none of this machine.</exception>
    public static int Require(IPAddress address, int port, string purpose, string option)
    {
        try
        {
            return port == 0 && FindFree(address) is { } free ? free : Probe(address, port);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new AgentRuntimeException(
                ErrorCode.InvalidArgument,
                $"{address} is no address of this machine, and {purpose} was to listen there. Name one that is, or 0.0.0.0 for all, with {SiloHostOptions.SectionName}:{nameof(SiloHostOptions.ListenAddress)}.",
                inner: failure);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException($"Port {port} for {purpose} is in use by another process. Stop that process, or choose another port with {option}.", failure);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new PortInUseException($"Port {port} for {purpose} may not be used by this user. Choose one above 1023 with {option}.", failure);
        }
    }

    private static int? FindFree(IPAddress address)
    {
        for (var look = 0; look < MaxLooks; look++)
        {
            try
            {
                var free = Probe(address, Random.Shared.Next(FirstFree, LastFree + 1));
                if (Found.TryAdd(free, true)) return free;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another one, then.
            }
        }

        return null;
    }

    private static int Probe(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
