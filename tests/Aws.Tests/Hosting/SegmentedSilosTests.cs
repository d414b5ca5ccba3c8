using System.Diagnostics.Metrics;
using System.Net;
using AgentRuntime.Aws.Tests.Isolation;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Hosting;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>
/// One silo that serves acme's segment and one that serves the others, with a role for tenants: what each of them sends, and signed by whom. On DynamoDB Local, fauxqs and moto, whose STS
/// gives a session to anybody and whose keys open everything: what is looked at is the key that a request was signed with.
/// </summary>
public sealed class SegmentedSilosTests(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    private static readonly TenantId Acme = RunCast.Tenant;
    private static readonly TenantId Other = TenantId.Parse("other");

    private readonly ScratchFolder _folder = new();
    private readonly RunScripts _scripts = new();
    private readonly SignedRequests _ofAcme = new();
    private readonly SignedRequests _ofOthers = new();
    private IConfiguration _settings = null!;
    private RunSilo? _acme;
    private RunSilo _others = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var tables = await SiloSettings.CreateAsync(aws, s3, "segmented: acme");
        _settings = new ConfigurationBuilder().AddConfiguration(tables).AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Tenancy:Mode"] = "segmented",
            ["Tenancy:Segments:0"] = "acme",
            ["Aws:StsEndpoint"] = (await s3.EndpointAsync()).ToString(),
            ["Aws:TenantRole"] = "arn:aws:iam::123456789012:role/tenant",
        }).Build();
        _acme = await StartAsync("acme", _ofAcme, "acme");
        _others = await StartAsync("others", _ofOthers);
        await _others.SetUpAsync(Acme);
        await _others.SetUpAsync(Other);
    }

    public async ValueTask DisposeAsync()
    {
        if (_acme is not null) await _acme.DisposeAsync();
        await _others.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_OfBoth_EndAndEachTenantsKeysAreSentByItsSiloAloneInItsOwnName()
    {
        using var foreignOfAcme = new CountedForeign(_acme!.Get<IMeterFactory>());
        using var foreignOfOthers = new CountedForeign(_others.Get<IMeterFactory>());
        foreach (var tenant in new[] { Acme, Other })
        {
            // Large enough for S3.
            var run = _others.NewRun(_ => Task.FromResult(Reply.Text(new string('x', 100_000))), tenant: tenant);
            await run.StartAsync();
            await Eventually.TrueAsync(async () => (await run.ViewAsync()).Status == RunStatus.Completed, $"run {run.Key} completes");
        }

        // Subscribers have all records, and that the runs have ended is forgotten.
        foreach (var silo in new[] { _acme, _others })
            await Eventually.TrueAsync(async () => !await silo.Get<IUnpublishedRuns>().FindEndedAsync(PollerShare.Whole, 100, Stop).SelectMany(static page => page).AnyAsync(), "all runs are closed");

        RequireOwn(_ofAcme, "acme", "other");
        RequireOwn(_ofOthers, "other", "acme");
        Assert.Equal((0, 0), (foreignOfAcme.Count, foreignOfOthers.Count));
    }

    [Fact]
    public async Task FrontDoor_OfASiloThatDoesNotServeTheTenant_SaysWhichDo()
    {
        Assert.Equal(HttpStatusCode.OK, (await ListRunsAsync(_acme!, "acme")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ListRunsAsync(_others, "other")).Status);
        var refused = await ListRunsAsync(_others, "acme");
        Assert.Equal((HttpStatusCode.BadRequest, true), (refused.Status, refused.Body.Contains("--serves acme", StringComparison.Ordinal)));
        refused = await ListRunsAsync(_acme!, "other");
        Assert.Equal((HttpStatusCode.BadRequest, true), (refused.Status, refused.Body.Contains("without --serves", StringComparison.Ordinal)));
        Assert.DoesNotContain(_ofOthers.All, each => each.Names("acme"));
    }

    [Fact]
    public async Task Clients_OfASiloThatDoesNotServeTheTenant_NeverSendItsKeys()
    {
        var run = new RunKey(Acme, RunId.Parse("planted"));
        await Assert.ThrowsAsync<ForeignTenantException>(() => _others.Journal.FindAsync(run, Stop));
        await Assert.ThrowsAsync<ForeignTenantException>(() => _others.Inbox.GetVersionAsync(Acme, Stop));
        Assert.DoesNotContain(_ofOthers.All, each => each.Names("acme"));
        Assert.Null(await _acme!.Journal.FindAsync(run, Stop));
        Assert.Contains(_ofAcme.All, each => each.Names("acme"));
    }

    [Fact]
    public async Task Runs_OfASegmentNobodyServes_AreLeftAloneUntilSomebodyDoes()
    {
        using var foreign = new CountedForeign(_others.Get<IMeterFactory>());
        var asked = new TaskCompletionSource();
        var answers = new TaskCompletionSource();
        var run = _others.NewRun(
            async turn =>
            {
                asked.TrySetResult();
                await answers.Task.WaitAsync(turn.Cancellation);
                return Reply.Text("done");
            });
        await run.StartAsync();
        await asked.Task.WaitAsync(TestRun.Patience, Stop);
        await _acme!.AbortAsync();
        _acme = null;
        answers.SetResult();
        var other = _others.NewRun(_ => Task.FromResult(Reply.Text("done")), tenant: Other);
        await other.StartAsync();
        await Eventually.TrueAsync(async () => (await other.ViewAsync()).Status == RunStatus.Completed, "the run of the other tenant completes");

        _acme = await StartAsync("acme-again", _ofAcme, "acme");
        await Eventually.TrueAsync(async () => (await run.On(_acme).RowAsync()).Status == RunStatus.Completed, "the run goes on where its tenant is served");
        Assert.DoesNotContain(_ofOthers.All, each => each.Names("acme"));
        Assert.Equal(0, foreign.Count);
    }

    private static void RequireOwn(SignedRequests sent, string own, string foreign)
    {
        var all = sent.All;
        Assert.DoesNotContain(all, each => each.Names(foreign));
        var ofTenant = all.Where(each => each.Names(own)).ToList();
        Assert.Contains(ofTenant, each => each.IsOfS3);
        Assert.Contains(ofTenant, each => !each.IsOfS3);
        Assert.NotEqual(SignedRequests.OwnKey, Assert.Single(ofTenant.Select(each => each.Key).Distinct()));
        Assert.All(all.Except(ofTenant), each => Assert.Equal(SignedRequests.OwnKey, each.Key));
        Assert.Contains(all.Except(ofTenant), each => !each.IsOfS3);
    }

    private Task<RunSilo> StartAsync(string name, SignedRequests sent, params string[] serves) => RunSilo.StartAsync(
        _folder.At(name), _scripts, services => services.Configure<AwsOptions>(options => options.WrapHandler = sent.Watch), _settings, serves);

    private static async Task<(HttpStatusCode Status, string Body)> ListRunsAsync(RunSilo silo, string tenant)
    {
        var token = IssuedToken.Sign(silo.Get<DevIssuer>(), tenant, "olga", Roles.Auditor);
        using var caller = new JsonCaller(new Uri($"http://127.0.0.1:{silo.Get<SiloPorts>().Http}"), token);
        var (status, body) = await caller.GetAsync($"v1/tenants/{tenant}/runs");
        return (status, body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }
}
