using System.Net;
using System.Net.Sockets;

namespace AgentRuntime.Hosting;

/// <summary>Finds out about ports before anything starts, so that a busy one is told in one line.</summary>
internal static class LoopbackPort
{
    /// <summary>Returns <paramref name="port"/>, or a free one for 0.</summary>
    /// <exception cref="PortInUseException">Another process listens there.</exception>
    public static int Require(int port, string purpose, string option)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
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
}
