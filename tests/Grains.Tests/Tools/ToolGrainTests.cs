using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class ToolGrainTests(ToolGrainTests.ClusterFixture fixture) : IClassFixture<ToolGrainTests.ClusterFixture>
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly Principal Developer = Person("dana", Roles.Developer);
    private static readonly Principal Reviewer = Person("rita", Roles.ToolReviewer);

    [Fact]
    public async Task Register_NewContract_IsADraft()
    {
        var version = await Tool("draft").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        Assert.Equal((null, false, "draft", Developer.Identity), (version.PublishedBy, version.IsCallable, version.ModelName, version.RegisteredBy));
        Assert.Equal(64, version.Hash.Length);
        Assert.Equal(version.Hash, (await Tool("draft").GetAsync("", TestContext.Current.CancellationToken))!.Hash);
    }

    [Fact]
    public async Task Register_SameContractAgain_ReturnsTheSameVersion()
    {
        var first = await Tool("again").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);
        var second = await Tool("again").RegisterAsync(Function() with { InputSchema = " " + Function().InputSchema }, Reviewer, TestContext.Current.CancellationToken);

        Assert.Equal((first.Hash, Developer.Identity), (second.Hash, second.RegisteredBy));
    }

    [Fact]
    public async Task Publish_AnotherPersonWithTheRole_MakesItCallable()
    {
        var draft = await Tool("publish").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        var published = await Tool("publish").PublishAsync(draft.Hash, Reviewer, cancellation: TestContext.Current.CancellationToken);

        Assert.True(published.IsCallable);
        Assert.Equal(Reviewer.Identity, published.PublishedBy);
    }

    [Fact]
    public async Task Publish_TheOneWhoRegistered_IsRefused()
    {
        var both = Person("dana", Roles.Developer, Roles.ToolReviewer);
        var draft = await Tool("own").RegisterAsync(Function(), both, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("own").PublishAsync(draft.Hash, both, cancellation: TestContext.Current.CancellationToken));
        var elsewhere = await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("own").PublishAsync(draft.Hash, both with { Issuer = "other" }, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal((ErrorCode.PermissionDenied, ErrorCode.PermissionDenied), (refusal.Code, elsewhere.Code));
        Assert.Contains("another person", refusal.Message);
    }

    [Theory]
    [InlineData("rita", Roles.Developer, Roles.ToolReviewer)]
    [InlineData(null, Roles.ToolReviewer, "person")]
    public async Task Publish_WithoutRoleOrPerson_IsRefused(string? person, string role, string named)
    {
        var tool = Tool($"role-{role}");
        var draft = await tool.RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => tool.PublishAsync(draft.Hash, new Principal("test", "s", person, Acme, [role], ToolSamples.Now), cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains(named, refusal.Message);
    }

    [Fact]
    public async Task Publish_TheHost_VouchesForAFunctionWhoeverRegisteredIt()
    {
        var draft = await Tool("host").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        var published = await Tool("host").PublishAsync(draft.Hash, new Principal("host", "host", null, null, [Roles.PlatformOperator], ToolSamples.Now), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((true, "host|service|host"), (published.IsCallable, published.PublishedBy));
    }

    [Fact]
    public async Task Register_LowerRiskThanPublished_IsADraftAndThePublishedStays()
    {
        var tool = Tool("lower");
        var high = await tool.RegisterAsync(Function() with { Risk = RiskLevel.WriteHigh }, Developer, TestContext.Current.CancellationToken);
        await tool.PublishAsync(high.Hash, Reviewer, cancellation: TestContext.Current.CancellationToken);

        var low = await tool.RegisterAsync(Function() with { Risk = RiskLevel.Write }, Developer, TestContext.Current.CancellationToken);

        Assert.False(low.IsCallable);
        Assert.Equal(high.Hash, (await tool.GetAsync("", TestContext.Current.CancellationToken))!.Hash);
        Assert.False((await tool.GetAsync(low.Hash, TestContext.Current.CancellationToken))!.IsCallable);
    }

    [Fact]
    public async Task SetBlocked_ThenReleased_FollowsForEveryVersion()
    {
        var tool = Tool("block");
        var draft = await tool.RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);
        await tool.PublishAsync(draft.Hash, Reviewer, cancellation: TestContext.Current.CancellationToken);

        await tool.SetBlockedAsync(true, "leaks", Reviewer, cancellation: TestContext.Current.CancellationToken);
        var blocked = await tool.GetAsync(draft.Hash, TestContext.Current.CancellationToken);
        await tool.SetBlockedAsync(false, "", Reviewer, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(("leaks", false), (blocked!.BlockedReason, blocked.IsCallable));
        Assert.True((await tool.GetAsync(draft.Hash, TestContext.Current.CancellationToken))!.IsCallable);
    }

    [Fact]
    public async Task SetBlocked_Developer_IsRefused()
    {
        await Tool("no-block").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("no-block").SetBlockedAsync(true, "x", Developer, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.PermissionDenied, refusal.Code);
    }

    [Fact]
    public async Task AnyChange_ByAnotherTenant_IsRefused()
    {
        var stranger = Reviewer with { Tenant = TenantId.Parse("globex") };
        var draft = await Tool("foreign").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("foreign").RegisterAsync(Function(), stranger, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("foreign").PublishAsync(draft.Hash, stranger, cancellation: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("foreign").SetBlockedAsync(true, "x", stranger, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Register_HostOutsideALists_IsRefusedNamingHostAndList()
    {
        await fixture.Grains.GetGrain<ITenantGrain>("acme").CreateAsync(new TenantSettings("Acme", 10, ["api.example.com", "only.tenant.example"]), TestContext.Current.CancellationToken);

        var fits = await Tool("egress").RegisterAsync(Http("api.example.com"), Developer, TestContext.Current.CancellationToken);
        var platform = await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("egress").RegisterAsync(Http("only.tenant.example"), Developer, TestContext.Current.CancellationToken));
        var tenant = await Assert.ThrowsAsync<AgentRuntimeException>(() => Tool("egress").RegisterAsync(Http("only.platform.example"), Developer, TestContext.Current.CancellationToken));

        Assert.False(fits.IsCallable);
        Assert.Contains("'only.tenant.example' is not in the platform's", platform.Message);
        Assert.Contains("'only.platform.example' is not in the tenant's", tenant.Message);
    }

    [Fact]
    public async Task List_RegisteredTools_AreInOrder()
    {
        foreach (var name in new[] { "zz-2", "zz-1" })
            await Tool(name).RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);

        var tools = await fixture.Grains.GetGrain<IToolIndexGrain>(ToolIndexGrainKey.For(Acme)).ListAsync("zz", 10, TestContext.Current.CancellationToken);

        Assert.Equal(["zz-1", "zz-2"], tools.Select(t => t.Value));
    }

    [Fact]
    public async Task Directory_BlockedTool_IsSeenWithinTwoSeconds()
    {
        var tool = Tool("kill");
        var draft = await tool.RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);
        await tool.PublishAsync(draft.Hash, Reviewer, cancellation: TestContext.Current.CancellationToken);
        var pin = new AgentTool("kill", draft.Hash);
        var before = await fixture.Directory.GetAsync(Acme, pin, TestContext.Current.CancellationToken);

        await tool.SetBlockedAsync(true, "leaks", Reviewer, cancellation: TestContext.Current.CancellationToken);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1_900));
        var after = await fixture.Directory.GetAsync(Acme, pin, TestContext.Current.CancellationToken);

        Assert.True(before.Version.IsCallable);
        Assert.False(after.Version.IsCallable);
        Assert.Same(before.Input, after.Input);
    }

    [Fact]
    public async Task Directory_UnknownContract_IsRefusedByName()
    {
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => fixture.Directory.GetAsync(Acme, new AgentTool("nowhere", new string('0', 64)), TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(ErrorCode.NotFound, refusal.Code);
        Assert.Contains("nowhere", refusal.Message);
    }

    [Fact]
    public async Task Catalog_EmptyHash_FindsThePublishedOne()
    {
        var draft = await Tool("catalog").RegisterAsync(Function(), Developer, TestContext.Current.CancellationToken);
        await Tool("catalog").PublishAsync(draft.Hash, Reviewer, cancellation: TestContext.Current.CancellationToken);

        var clearance = await ((IToolCatalog)fixture.Directory).FindAsync(Acme, "catalog", "", TestContext.Current.CancellationToken);

        Assert.Equal((draft.Hash, true, RiskLevel.Write), (clearance!.ContractHash, clearance.IsPublished, clearance.Risk));
        Assert.Equal(["customer"], clearance.DataClasses);
        Assert.Null(await ((IToolCatalog)fixture.Directory).FindAsync(Acme, "absent", "", TestContext.Current.CancellationToken));
    }

    private IToolGrain Tool(string name) => fixture.Grains.GetGrain<IToolGrain>(ToolGrainKey.For(Acme, ToolId.Parse(name)));

    private static ToolContract Function() => ToolSamples.Contract(RiskLevel.Write);

    private static ToolContract Http(string host) => ToolSamples.Contract(
        RiskLevel.Write, invoker: new HttpInvoker("POST", $"https://{host}/refunds", new Dictionary<string, string>(), 1_024)) with { EgressHosts = [host] };

    private static Principal Person(string person, params string[] roles) => new("test", person, person, Acme, roles, ToolSamples.Now);

    public sealed class ClusterFixture : IAsyncLifetime
    {
        private InProcessTestCluster? _cluster;
        private ToolDirectory? _directory;

        internal Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock { get; } = new(ToolSamples.Now);

        internal IGrainFactory Grains => _cluster!.Client;

        internal ToolDirectory Directory => _directory ??= new(Grains, _cluster!.GetSiloServiceProvider().GetRequiredService<ToolPreparer>(), Clock);

        public async ValueTask InitializeAsync()
        {
            var builder = new InProcessTestClusterBuilder(1);
            builder.ConfigureSilo((_, silo) => silo.AddMemoryGrainStorageAsDefault().Services
                .AddTenants()
                .AddTools()
                .AddFunctionTools(functions => functions.Add(new FunctionTool(
                    "refund", "Pays.", RiskLevel.Write, EffectClass.Idempotent, """{"type":"object"}""", null, (_, _) => throw new NotSupportedException())))
                .Configure<AgentRuntime.Tools.Http.Egress.EgressOptions>(options =>
                {
                    options.Hosts.Add("api.example.com");
                    options.Hosts.Add("only.platform.example");
                }));
            _cluster = builder.Build();
            await _cluster.DeployAsync();
        }

        public async ValueTask DisposeAsync() => await _cluster!.DisposeAsync();
    }
}
