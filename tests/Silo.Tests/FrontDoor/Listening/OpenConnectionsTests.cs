using System.Net;
using System.Net.Sockets;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Listening;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Silo.Tests.FrontDoor.Listening;

public sealed class OpenConnectionsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Connection_BeyondWhatBothPortsTogetherMayHave_IsClosed()
    {
        var ports = FreePorts.Take(2);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<FrontDoorOptions>(options => options.MaxConnections = 2);
        var plan = ListeningPlan.Of(new ListeningOptions(), hasIssuers: false, DateTimeOffset.UnixEpoch);
        builder.WebHost.ConfigureKestrel(kestrel => plan.Listen(kestrel, ports[0], ports[1]));
        await using var app = builder.Build();
        app.MapGet("/", () => "served");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var grpc = await OpenAsync(ports[0]);
        await SettingsAsync(grpc);
        using var http = await OpenAsync(ports[1]);
        Assert.True(await IsServedAsync(http));

        foreach (var port in ports) Assert.False(await IsServedAsync(port));

        // The one that goes leaves its place to another.
        http.Dispose();
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await IsServedAsync(ports[1])) Assert.True(TimeProvider.System.GetElapsedTime(deadline) < Patience, "The place was not given back.");
    }

    private static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return socket;
    }

    // The server speaks first as soon as it has let the connection in.
    private static async Task SettingsAsync(Socket socket)
    {
        await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[64], TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private static async Task<bool> IsServedAsync(int port)
    {
        try
        {
            using var socket = await OpenAsync(port);
            return await IsServedAsync(socket);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> IsServedAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return await socket.ReceiveAsync(new byte[64], TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken) > 0;
    }
}
