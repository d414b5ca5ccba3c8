using System.Net;
using AgentRuntime.Common;
using Grpc.Core;

namespace AgentRuntime.FrontDoor;

/// <summary>Refuses calls that were sent to another name: a page in a browser cannot reach this port through a name of its own.</summary>
internal static class LoopbackHost
{
    /// <exception cref="InvalidInputException">The host is not loopback.</exception>
    public static void Require(ServerCallContext context)
    {
        var host = context.GetHttpContext().Request.Host.Host;
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)) return;
        if (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)) return;
        throw new InvalidInputException("host", "must be localhost or a loopback address.");
    }
}
