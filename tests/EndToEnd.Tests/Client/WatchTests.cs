extern alias client;

using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Client;

/// <summary>One watch over the death of its silo, again and again.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TalkingSilo _talking = new();

    public ValueTask InitializeAsync() => _talking.InitializeAsync();

    public ValueTask DisposeAsync() => _talking.DisposeAsync();

    [Fact]
    public async Task Watch_ThreeSilosKilledInARow_HasEachRecordOnceAndTheEnd()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var run = await _talking.Client.StartRunAsync("talker", "a question", cancellationToken: deadline.Token);
        var records = new List<Wire.RunRecord>();
        var kills = 0;
        await foreach (var response in _talking.Client.WatchRunWithDeltasAsync(run.Name, cancellationToken: deadline.Token))
        {
            if (response.Record is { } record) records.Add(record);

            // It dies once it has begun to answer, so that the next one has something to take up.
            _talking.Model.Ask();
            if (response.Delta is null || kills == 3) continue;
            kills++;
            await _talking.KillAndRestartAsync();
        }

        Assert.Equal(3, kills);
        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => (long)seq), records.Select(record => record.Seq));
        Assert.Equal("run.completed", records[^1].Type);
        Assert.Equal(3, records.Count(record => record.Type == "attempt.lost"));
        Assert.Equal(TalkingEndpoint.AnswerTo("a question"), (await _talking.Client.WaitForRunAsync(run.Name, deadline.Token)).Output);
    }
}
