using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Cluster;

/// <summary>Real silos and a real client on the three providers, on DynamoDB Local.</summary>
public sealed class DynamoClusterTests(AwsStandIn aws) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DynamoCluster _cluster = new(aws);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Grains_OfTwoSilos_KeepTheirStateWhenAllSilosAreReplaced()
    {
        await _cluster.CreateTablesAsync();
        var large = string.Concat(Enumerable.Range(0, 5 << 17).Select(number => number.ToString("x8", null)));
        var first = new[] { await _cluster.StartSiloAsync(), await _cluster.StartSiloAsync() };
        var client = await _cluster.ConnectAsync();
        var notes = Enumerable.Range(0, 20).Select(number => $"acme/{number}").ToList();
        foreach (var note in notes) await client.GetGrain<INoteGrain>(note).WriteAsync($"text of {note}");
        await client.GetGrain<INoteGrain>("acme/large").WriteAsync(large);
        await client.GetGrain<INoteGrain>("acme/0").ClearAsync();
        var silos = await Task.WhenAll(notes.Select(note => client.GetGrain<INoteGrain>(note).WhereAsync()));
        Assert.Equal(2, silos.Distinct().Count());

        var replacement = await _cluster.StartSiloAsync();
        foreach (var silo in first) await _cluster.StopAsync(silo);
        var grains = replacement.Services.GetRequiredService<IGrainFactory>();
        Assert.Null(await grains.GetGrain<INoteGrain>("acme/0").ReadAsync());
        foreach (var note in notes.Skip(1)) Assert.Equal($"text of {note}", await grains.GetGrain<INoteGrain>(note).ReadAsync());
        Assert.Equal(large, await grains.GetGrain<INoteGrain>("acme/large").ReadAsync());
        Assert.Single(_cluster.Payloads.Objects);
    }

    [Fact]
    public async Task Reminder_SiloEndsBeforeItIsDue_RingsOnTheNextOne()
    {
        await _cluster.CreateTablesAsync();
        var key = Guid.NewGuid().ToString("N");
        var rung = NoteGrain.Rung.GetOrAdd(key, static _ => new());
        var first = await _cluster.StartSiloAsync();
        await first.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>(key).WindAsync(TimeSpan.FromSeconds(8));
        await _cluster.StopAsync(first);
        Assert.False(rung.Task.IsCompleted, "It rang too early to show anything.");

        var second = await _cluster.StartSiloAsync();
        // Started too late for the first time, it rings a minute later.
        await rung.Task.WaitAsync(Patience, Stop);
        await second.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>(key).StopAsync();
        Assert.Empty((await second.Services.GetRequiredService<IReminderTable>().ReadRows(0, 0, Stop)).Reminders);
    }

    [Fact]
    public async Task Start_TablesAreMissing_EndsNamingOneAndTheCommand()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(_cluster.StartSiloAsync);
        var text = failure.ToString();
        Assert.Contains(new[] { _cluster.Membership, _cluster.State, _cluster.Reminders }, table => text.Contains($"'{table}'", StringComparison.Ordinal));
        Assert.Contains("create-tables", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_TableIsMissing_EndsNamingItAndTheCommand()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(_cluster.ConnectAsync);
        Assert.Contains(_cluster.Membership, failure.ToString(), StringComparison.Ordinal);
    }
}
