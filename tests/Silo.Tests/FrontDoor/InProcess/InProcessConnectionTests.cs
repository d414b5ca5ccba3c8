using AgentRuntime.Common;
using AgentRuntime.FrontDoor.InProcess;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.Silo.Tests.FrontDoor.InProcess;

public sealed class InProcessConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Abort_WhileTheServerReads_EndsThatWithTheReason()
    {
        await using var connection = Connect();
        var read = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(connection.ConnectionClosed.IsCancellationRequested);

        connection.Abort(new ConnectionAbortedException("The server stops."));

        var ended = await Assert.ThrowsAsync<ConnectionAbortedException>(() => read.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("The server stops.", ended.Message);
    }

    /// <summary>A server that stops does both at once, in any order. What fails here fails on a thread of the pool and ends the process.</summary>
    [Fact]
    public async Task Abort_AfterItWasLetGo_StillTellsThatItIsClosed()
    {
        await using var connection = Connect();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = connection.ConnectionClosed.Register(closed.SetResult);

        await connection.DisposeAsync();
        Assert.False(closed.Task.IsCompleted, "Nobody has aborted it yet.");
        connection.Abort(new ConnectionAbortedException("The server stops."));

        await closed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(connection.ConnectionClosed.IsCancellationRequested);
    }

    private static InProcessConnection Connect()
    {
        var (server, client) = DuplexPipe.CreatePair();
        return new InProcessConnection("c", server, client, new Principal("i", "s", null, TenantId.Parse("acme"), [], DateTimeOffset.UnixEpoch));
    }
}
