extern alias client;

using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Runs on three silos.</summary>
public sealed class WorkTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Runs = 240;
    private const int AtOnce = 24;

    // A run that a dead silo leaves behind waits for its death to be declared and picked up. One that was handed over does not.
    private static readonly TimeSpan Delayed = TimeSpan.FromSeconds(5);

    // The promise for a kill -9, with as much again for a machine that builds and tests at the same time.
    private static readonly TimeSpan Resumed = TimeSpan.FromSeconds(20);

    private readonly SiloGroup _group = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task Work_OnThreeSilosOfWhichOneLeaves_IsSpreadAndNeitherFailsNorWaits()
    {
        var silos = await TriageDesk.StartSilosAsync(_group, 3);
        using var desk = TriageDesk.At(_group, silos.Take(2));

        // The first runs wait for code to be compiled, which says nothing about a silo that leaves.
        await Parallel.ForEachAsync(Enumerable.Range(Runs, 2 * AtOnce), Stop, async (number, stop) => await desk.WorkAsync(number, stop));
        var owners = new HashSet<string>(StringComparer.Ordinal);
        var ended = new List<Wire.Run>();
        var leaving = Task.CompletedTask;

        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop }, async (number, stop) =>
        {
            var run = await desk.WorkAsync(number, stop);
            lock (ended)
            {
                ended.Add(run);
                if (ended.Count < Runs / 2)
                {
                    owners.UnionWith(Owners());
                }
                else if (ended.Count == Runs / 2)
                {
                    silos[2].Terminate();
                    leaving = silos[2].WaitForExitAsync(TimeSpan.FromSeconds(20));
                }
            }
        });

        await leaving;
        output.WriteLine($"owners {string.Join(' ', owners)}; longest {ended.Max(Took)}");
        Assert.All(ended, run => Assert.Equal(Wire.RunState.Completed, run.State));
        Assert.Equal(Runs, ended.Select(run => run.Name).Distinct().Count());
        Assert.Equal(3, owners.Count);
        Assert.All(ended, run => Assert.True(Took(run) < Delayed, $"{run.Name} took {Took(run)}."));
    }

    [Fact]
    public async Task Work_OnThreeSilosOfWhichOneIsKilled_IsFinishedByTheOthers()
    {
        var silos = await TriageDesk.StartSilosAsync(_group, 3);
        using var desk = TriageDesk.At(_group, silos.Take(2));
        var ended = 0;
        var runs = new Wire.Run[Runs];
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop }, async (number, stop) =>
        {
            runs[number] = await desk.WorkAsync(number, stop);
            if (Interlocked.Increment(ref ended) == Runs / 2)
            {
                await silos[2].KillAsync();
            }
        });
        output.WriteLine($"longest {runs.Max(Took)}");
        Assert.All(runs, run => Assert.Equal(Wire.RunState.Completed, run.State));
        Assert.Equal(Runs, runs.Select(run => run.Name).Distinct().Count());
        Assert.All(runs, run => Assert.True(Took(run) < Resumed, $"{run.Name} took {Took(run)}."));
    }

    private static TimeSpan Took(Wire.Run run) => (run.EndTime - run.StartTime).ToTimeSpan();

    // The silos that work on a run now.
    private HashSet<string> Owners()
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(_group.DataFolder, "journal.db")};Mode=ReadOnly;Pooling=False");
        journal.Open();
        using var command = journal.Prepare("SELECT DISTINCT owner FROM runs WHERE owner IS NOT NULL");
        using var reader = command.ExecuteReader();
        var owners = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            owners.Add(reader.GetString(0));
        }

        return owners;
    }
}
