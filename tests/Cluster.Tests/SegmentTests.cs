extern alias client;

using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Sqlite;
using AgentRuntime.Testing;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Three silos on one folder, one of them labelled for tenant acme: who drives what, and which file holds what.</summary>
public sealed class SegmentTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Runs = 9;
    private static readonly string[] Tenants = ["acme", "other"];
    private static readonly string[] Kinds = ["name", "instructions", "input", "artifact"];

    // The promise for a kill -9, with as much again for a machine that builds and tests at the same time.
    private static readonly TimeSpan Resumed = TimeSpan.FromSeconds(20);

    private readonly SiloGroup _group = new();
    private HoldingModel _model = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _model = await HoldingModel.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _group.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task Runs_OfASegment_AreDrivenByItsSiloAloneAndWaitForAnotherOneWhenItDies()
    {
        var silos = await Task.WhenAll(StartAsync(), StartAsync(), StartAsync("acme"));
        await SiloGroup.WaitAsync(silos, silos, TimeSpan.FromSeconds(30));
        var labelled = silos[2];
        using var desk = new TenantDesk(IssuedToken.IssuerOf(labelled));
        var runs = Tenants.ToDictionary(tenant => tenant, _ => new List<string>());
        foreach (var tenant in Tenants)
        {
            // Any front door takes any tenant's calls.
            await desk.CreateAsync(silos[0], tenant);
            await desk.ApplyAsync(silos[2], tenant);
            for (var number = 0; number < Runs; number++) runs[tenant].Add(await desk.StartAsync(silos[number % 3], tenant, number));
        }

        await HeldAsync(2 * Runs);
        Assert.Equal([PortOf(labelled)], Owners("tenants", "acme"));
        Assert.Subset(silos.Take(2).Select(PortOf).ToHashSet(), Owners().ToHashSet());

        await labelled.KillAsync();
        _model.Release("other");
        foreach (var run in runs["other"]) Assert.Equal("run.completed", (await desk.WatchAsync(silos[0], "other", run, Stop))[^1]);
        var refused = await TenantDesk.RefusalAsync(() => desk.Client(silos[0], "acme", Roles.Developer).Runs.GetRunAsync(new Wire.GetRunRequest { Name = runs["acme"][0] }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("tenant acme: no silo that serves its segment runs. Start one with --serves acme.", refused.Status.Detail, StringComparison.Ordinal);

        foreach (var call in AskingTheSegment(desk.Client(silos[0], "acme", Roles.Developer), runs["acme"][0]))
        {
            var answer = await TenantDesk.RefusalAsync(call);
            Assert.Equal(StatusCode.Unavailable, answer.StatusCode);
            Assert.Contains("Start one with --serves acme.", answer.Status.Detail, StringComparison.Ordinal);
        }

        // They wait: nobody took them over, and what is in the files can be read.
        Assert.Equal([PortOf(labelled)], Owners("tenants", "acme"));
        Assert.Equal(Runs, (await desk.ListAsync(silos[1], "acme")).Count(run => run.State == Wire.RunState.Running));

        var next = await StartAsync("acme");
        var ready = TimeProvider.System.GetTimestamp();
        await HeldAsync(Runs);
        var resumed = TimeProvider.System.GetElapsedTime(ready);
        output.WriteLine($"resumed {resumed} after the silo was ready");
        Assert.True(resumed < Resumed, $"Took {resumed}.");
        Assert.Equal([PortOf(next)], Owners("tenants", "acme"));
        _model.Release("acme");
        foreach (var run in runs["acme"])
        {
            var records = await desk.WatchAsync(silos[1], "acme", run, Stop);
            Assert.Contains("attempt.lost", records);
            Assert.Equal("run.completed", records[^1]);
        }

        foreach (var silo in new[] { silos[0], silos[1], next }) await EndAsync(silo);
        RequireApart();
        await RequireGoneWithItsFolderAsync(desk);
    }

    private static IEnumerable<Func<Task>> AskingTheSegment(AgentRuntimeClient client, string run) =>
    [
        () => client.Runs.ExportRun(new Wire.ExportRunRequest { Name = run }).ResponseStream.MoveNext(Stop),
        () => client.Agents.ListAgentsAsync(new Wire.ListAgentsRequest { Parent = "tenants/acme" }).ResponseAsync,
        () => client.Tools.ListToolsAsync(new Wire.ListToolsRequest { Parent = "tenants/acme" }).ResponseAsync,
    ];

    /// <summary>No file of a tenant holds anything of another one.</summary>
    private void RequireApart()
    {
        var files = Directory.EnumerateFiles(_group.DataFolder, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(_group.DataFolder, file).Replace('\\', '/'), File.ReadAllBytes);
        foreach (var kind in Kinds)
        {
            var acme = Holding(files, TenantDesk.Secret("acme", kind));
            var other = Holding(files, TenantDesk.Secret("other", kind));
            Assert.NotEmpty(acme);
            Assert.All(acme, file => Assert.StartsWith("tenants/acme/", file, StringComparison.Ordinal));
            Assert.NotEmpty(other);
            Assert.All(other, file => Assert.DoesNotContain("tenants/", file, StringComparison.Ordinal));
        }

        Assert.Contains(Holding(files, TenantDesk.Secret("acme", "artifact")), file => file.StartsWith("tenants/acme/artifacts/acme/", StringComparison.Ordinal));
        foreach (var shared in new[] { "journal.db", "state.db", "reminders.db" }) Assert.True(files[shared].AsSpan().IndexOf("acme"u8) < 0, shared);
        foreach (var own in new[] { "journal.db", "state.db" }) Assert.True(files[$"tenants/acme/{own}"].AsSpan().IndexOf("other"u8) < 0, own);
    }

    private async Task RequireGoneWithItsFolderAsync(TenantDesk desk)
    {
        Directory.Delete(Path.Combine(_group.DataFolder, "tenants", "acme"), recursive: true);
        var silos = await Task.WhenAll(StartAsync(), StartAsync("acme"));
        await SiloGroup.WaitAsync(silos, silos, TimeSpan.FromSeconds(30));

        var refused = await TenantDesk.RefusalAsync(() => desk.Client(silos[0], null, Roles.PlatformOperator).Tenants.GetTenantAsync(new Wire.GetTenantRequest { Name = "tenants/acme" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Empty(await desk.ListAsync(silos[0], "acme"));
        Assert.Equal(Runs, (await desk.ListAsync(silos[1], "other")).Count);
    }

    private Task<SiloProcess> StartAsync(params string[] serves) => _group.StartAsync(_group.NewOptions() with
    {
        Arguments = [.. serves.SelectMany(tenant => new[] { "--serves", tenant })],
        Environment = new Dictionary<string, string>(_model.Settings)
        {
            ["AGENTRT_Tenancy__Mode"] = "segmented",
            ["AGENTRT_Tenancy__Segments__0"] = "acme",
            ["AGENTRT_Tenancy__Segments__1"] = "nobody-yet",
        },
    });

    private Task HeldAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(_model.Held == count), $"{count} calls reach the model");

    private static async Task EndAsync(SiloProcess silo)
    {
        silo.Terminate();
        Assert.Equal(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
    }

    private static string PortOf(SiloProcess silo) => $"{silo.Options.SiloPort}";

    /// <summary>The silo ports that hold runs of a store now.</summary>
    private List<string> Owners(params string[] place)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine([_group.DataFolder, .. place, "journal.db"])};Mode=ReadOnly;Pooling=False");
        journal.Open();
        using var command = journal.Prepare("SELECT DISTINCT owner FROM runs WHERE owner IS NOT NULL");
        using var reader = command.ExecuteReader();
        var owners = new List<string>();
        while (reader.Read()) owners.Add(reader.GetString(0).Split(':', '@')[1]);
        return owners;
    }

    private static List<string> Holding(Dictionary<string, byte[]> files, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. files.Where(file => file.Value.AsSpan().IndexOf(bytes) >= 0).Select(file => file.Key)];
    }
}
