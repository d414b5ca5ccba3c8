extern alias client;

using System.Collections.Concurrent;
using AgentRuntime.EndToEnd.Tests.Client.Chat;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client;

/// <summary>A watch whose server is gone without a word.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<SwallowingStream> _connections = [];
    private TalkingProgram _program = null!;

    public async ValueTask InitializeAsync() => _program = await TalkingProgram.StartAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Watch_OnAConnectionThatSwallowsEverything_GoesOnOverAnother()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using var client = _program.CreateClientOver(Connection);
        var run = await client.StartRunAsync("talks", "hold", cancellationToken: deadline.Token);
        var records = new List<Wire.RunRecord>();
        await foreach (var record in client.WatchRunAsync(run.Name, cancellationToken: deadline.Token))
        {
            records.Add(record);
            if (records.Count > 1) continue;
            foreach (var connection in _connections) connection.Swallow();
            _program.Release();
        }

        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => (long)seq), records.Select(record => record.Seq));
        Assert.Equal("run.completed", records[^1].Type);
        Assert.Equal(2, _connections.Count);
    }

    private SwallowingStream Connection(Stream stream)
    {
        var connection = new SwallowingStream(stream);
        _connections.Enqueue(connection);
        return connection;
    }
}
