using AgentRuntime.Common;
using AgentRuntime.FrontDoor.InProcess;
using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.Silo.Tests.FrontDoor.InProcess;

public sealed class InProcessConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A server that stops does both at once, in any order. What fails here fails on a thread of the pool and ends the process.</summary>
    [Fact]
    public async Task Abort_AfterItWasLetGo_StillTellsThatItIsClosed()
    {
        var (server, client) = DuplexPipe.CreatePair();
        var connection = new InProcessConnection("c", server, client, new Principal("i", "s", null, TenantId.Parse("acme"), [], DateTimeOffset.UnixEpoch));
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = connection.ConnectionClosed.Register(closed.SetResult);

        await connection.DisposeAsync();
        connection.Abort(new ConnectionAbortedException("The server stops."));

        await closed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
