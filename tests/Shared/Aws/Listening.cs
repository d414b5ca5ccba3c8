using System.Diagnostics;
using System.Net.Sockets;

namespace AgentRuntime.Testing.Aws;

/// <summary>Waits for servers.</summary>
internal static class Listening
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Completes once somebody listens on a port of loopback; fails when <paramref name="server"/> has ended.</summary>
    public static async Task OnAsync(int port, Process server, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port, deadline.Token);
                return;
            }
            catch (SocketException) when (!server.HasExited)
            {
                await Task.Delay(Pause, deadline.Token);
            }
        }
    }
}
