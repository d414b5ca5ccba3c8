using AgentRuntime.Agents;
using AgentRuntime.Audit;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Retention;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Sessions;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Slo;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRuntime.Silo.Tests.Tenants;

/// <summary>Three silos of one folder, of which one serves acme's segment: where grains live.</summary>
public sealed class SegmentPlacementTests : IAsyncLifetime
{
    private static readonly TenantId Acme = RunCast.Tenant;
    private static readonly TenantId Other = TenantId.Parse("other");
    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Tenancy:Mode"] = "segmented", ["Tenancy:Segments:0"] = "acme" })
        .Build();

    private readonly ScratchFolder _folder = new();
    private readonly RunScripts _scripts = new();
    private readonly List<RunSilo> _silos = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var serves in new string[][] { [], [], ["acme"] })
            _silos.Add(await RunSilo.StartAsync(_folder.Path, _scripts, settings: Settings, serves: serves));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Grains_OfASegment_LiveOnItsSiloAndOthersDoNot()
    {
        var (plain, labelled) = (_silos[0], _silos[2]);
        await plain.SetUpAsync(Acme);
        await labelled.SetUpAsync(Other);
        var gate = new TaskCompletionSource();
        var runs = new List<TestRun>();
        for (var i = 0; i < 12; i++)
        {
            var run = plain.NewRun(
                async _ =>
                {
                    await gate.Task;
                    return Reply.Text("done");
                },
                tenant: i % 2 == 0 ? Acme : Other);
            await run.On(_silos[i % 3]).StartAsync();
            runs.Add(run);
        }

        var home = await FindGrainsAsync();
        gate.SetResult();

        var ours = home.Where(grain => grain.Tenant is not null).ToList();
        Assert.Equal(6, ours.Count(grain => grain.Tenant == "acme" && grain.Type == TypeOf<IAgentRunGrain>(AgentRunGrainKey.For(Acme, runs[0].Key.Run))));
        Assert.Equal(6, ours.Count(grain => grain.Tenant == "other" && grain.Type == TypeOf<IAgentRunGrain>(AgentRunGrainKey.For(Acme, runs[0].Key.Run))));
        Assert.Contains(ours, grain => grain.Tenant == "acme" && grain.Type == TypeOf<ITenantGrain>("acme"));
        Assert.Contains(ours, grain => grain.Tenant == "acme" && grain.Type == TypeOf<IToolGrain>("acme/look"));
        var silo = SiloOf(labelled);
        Assert.All(ours, grain => Assert.Equal(grain.Tenant == "acme", grain.Silo == silo));
        foreach (var run in runs) await Eventually.TrueAsync(async () => (await run.ViewAsync()).Status == RunStatus.Completed, $"run {run.Key} completes");
    }

    [Fact]
    public async Task Calls_WithoutASiloThatServesTheTenant_AreUnavailableAndNameTheFix()
    {
        var (plain, labelled) = (_silos[0], _silos[2]);
        await plain.SetUpAsync(Other);
        await plain.Grains.GetGrain<ITenantGrain>("acme").CreateAsync(new TenantSettings("Acme", 100, []), TestContext.Current.CancellationToken);
        _silos.Remove(labelled);
        await labelled.DisposeAsync();

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => plain.Grains.GetGrain<ITenantGrain>("acme").GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal((ErrorCode.Unavailable, true), (refused.Code, refused.IsTransient));
        Assert.Contains("tenant acme: no silo that serves its segment runs. Start one with --serves acme.", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await plain.Grains.GetGrain<ITenantGrain>("other").GetAsync(TestContext.Current.CancellationToken));

        _silos.Add(await RunSilo.StartAsync(_folder.Path, _scripts, settings: Settings, serves: "acme"));
        await Eventually.TrueAsync(
            async () => await TryAsync(() => plain.Grains.GetGrain<ITenantGrain>("acme").GetAsync()) is { Settings.DisplayName: "Acme" }, "acme is served again");
    }

    [Fact]
    public async Task Calls_ForTenantsWithoutASegment_NeverReachALabelledSilo()
    {
        var labelled = _silos[2];
        foreach (var plain in _silos.Take(2).ToList())
        {
            _silos.Remove(plain);
            await plain.DisposeAsync();
        }

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => labelled.Grains.GetGrain<ITenantGrain>("other").GetAsync(TestContext.Current.CancellationToken));
        Assert.Contains("tenant other: all silos that run serve segments of other tenants", refused.Message, StringComparison.Ordinal);
        Assert.Null(await labelled.Grains.GetGrain<ITenantGrain>("acme").GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sessions_OfASegment_AreListedAtAnyFrontDoor()
    {
        await _silos[0].SetUpAsync(Acme);
        var session = SessionId.Parse("talk");
        await _silos[0].Grains.GetGrain<ISessionGrain>(SessionGrainKey.For(Acme, session)).CreateAsync(new CreateSession(RunCast.Agent, 0, RunCast.App), TestContext.Current.CancellationToken);

        foreach (var silo in _silos)
        {
            var catalog = silo.Get<AgentRuntime.Runs.Index.ISessionCatalog>();
            Assert.Equal([session], await catalog.ListAsync(Acme, null, 10, TestContext.Current.CancellationToken));
            Assert.Empty(await catalog.ListAsync(Other, null, 10, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void TenantOf_AllOurGrains_IsTheirs()
    {
        var grains = _silos[0].Get<TenantGrains>();
        GrainId[] ids =
        [
            IdOf<IAgentRunGrain>(AgentRunGrainKey.For(Acme, RunId.Parse("r"))), IdOf<ISessionGrain>(SessionGrainKey.For(Acme, SessionId.Parse("s"))),
            IdOf<IAgentGrain>(AgentGrainKey.For(Acme, AgentId.Parse("a"))), IdOf<IAgentIndexGrain>(AgentIndexGrainKey.For(Acme)),
            IdOf<IToolGrain>(ToolGrainKey.For(Acme, ToolId.Parse("t"))), IdOf<IToolIndexGrain>(ToolIndexGrainKey.For(Acme)),
            IdOf<ITenantGrain>(TenantGrainKey.For(Acme)), IdOf<IAuditGrain>(AuditGrainKey.For(Acme)), IdOf<ISloGrain>(SloGrainKey.For(Acme)),
            // Nobody calls it: it hears of a stream whose key is the tenant.
            GrainId.Create("eventbus", EventStreams.KeyOf(Acme)),
        ];

        Assert.All(ids, id => Assert.Equal(Acme, grains.TenantOf(id)));
        // A new kind of grain comes with its key: it belongs into the list above.
        Assert.Equal(grains.Types.Order(), ids.Select(id => id.Type).Order());
        Assert.Null(grains.TenantOf(GrainId.Create("users-own", "acme/x")));
    }

    [Fact]
    public async Task Retention_OfASegment_IsItsSilosWork()
    {
        var (plain, labelled) = (_silos[0], _silos[2]);
        await plain.SetUpAsync(Acme);
        await plain.SetUpAsync(Other);
        foreach (var tenant in new[] { Acme, Other })
        {
            var grain = plain.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(tenant));
            await grain.UpdateAsync((await grain.GetAsync(TestContext.Current.CancellationToken))!.Settings with { Retention = new RetentionSettings(0, []) }, etag: null, TestContext.Current.CancellationToken);
        }

        var runs = new[] { Acme, Other }.Select(tenant => plain.NewRun(_ => Task.FromResult(Reply.Text("done")), tenant: tenant)).ToList();
        foreach (var run in runs)
        {
            await run.StartAsync();
            await Eventually.TrueAsync(async () => (await run.ViewAsync()).Status == RunStatus.Completed, $"run {run.Key} completes");
        }

        await NewRetention(plain).PruneAsync(TestContext.Current.CancellationToken);
        Assert.Equal([false, true], await ArePrunedAsync(runs));
        await NewRetention(labelled).PruneAsync(TestContext.Current.CancellationToken);
        Assert.Equal([true, true], await ArePrunedAsync(runs));
    }

    private static RetentionService NewRetention(RunSilo silo) =>
        new(silo.Get<DataFolder>(), silo.Get<ServedPruners>(), TimeProvider.System, NullLogger<RetentionService>.Instance);

    private static async Task<IEnumerable<bool>> ArePrunedAsync(IEnumerable<TestRun> runs) =>
        [.. (await Task.WhenAll(runs.Select(run => run.EntriesAsync()))).Select(entries => entries.All(entry => entry.Seal is null))];

    private static async Task<T?> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is AgentRuntimeException { IsTransient: true } or OrleansException)
        {
            return default;
        }
    }

    private static string SiloOf(RunSilo silo) => silo.Get<ILocalSiloDetails>().SiloAddress.ToParsableString();

    private GrainId IdOf<T>(string key)
        where T : IGrainWithStringKey => _silos[0].Grains.GetGrain<T>(key).GetGrainId();

    private GrainType TypeOf<T>(string key)
        where T : IGrainWithStringKey => IdOf<T>(key).Type;

    private async Task<IReadOnlyList<(GrainType Type, string? Tenant, string Silo)>> FindGrainsAsync()
    {
        var grains = _silos[0].Get<TenantGrains>();
        var found = await _silos[0].Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return [.. found.Select(grain => (grain.GrainId.Type, grains.TenantOf(grain.GrainId)?.Value, grain.SiloAddress.ToParsableString()))];
    }
}
