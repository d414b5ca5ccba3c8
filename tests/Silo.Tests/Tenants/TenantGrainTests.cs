using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.Silo.Tests.Hosting;
using AgentRuntime.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Tenants;

public sealed class TenantGrainTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly TenantSettings Settings = new("One", 10, ["b.example.com", "a.example.com"]);

    [Fact]
    public async Task Create_SameSettingsAgain_ChangesNothing()
    {
        var tenant = Tenant("same");
        var first = await tenant.CreateAsync(Settings, TestContext.Current.CancellationToken);
        await silo.ForgetAsync();
        var again = await tenant.CreateAsync(Settings with { EgressHosts = ["a.example.com", "b.example.com"] }, TestContext.Current.CancellationToken);

        Assert.Equal((first.Etag, first.CreatedAt), (again.Etag, again.CreatedAt));
        Assert.Equal(["a.example.com", "b.example.com"], again.Settings.EgressHosts);
    }

    [Fact]
    public async Task Create_OtherSettings_AlreadyExists()
    {
        var tenant = Tenant("other-settings");
        await tenant.CreateAsync(Settings, TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => tenant.CreateAsync(Settings with { MaxOpenRuns = 11 }, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Update_StaleEtag_RefusedAndNothingChanged()
    {
        var tenant = Tenant("etag");
        var first = await tenant.CreateAsync(Settings, TestContext.Current.CancellationToken);
        await tenant.UpdateAsync(Settings with { MaxOpenRuns = 20 }, first.Etag, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => tenant.UpdateAsync(Settings with { MaxOpenRuns = 30 }, first.Etag, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Equal(20, (await tenant.GetAsync(TestContext.Current.CancellationToken))!.Settings.MaxOpenRuns);
    }

    [Fact]
    public async Task Get_NeverCreated_IsNull() => Assert.Null(await Tenant("nobody").GetAsync(TestContext.Current.CancellationToken));

    [Fact]
    public async Task Update_NeverCreated_NotFound() => Assert.Equal(
        ErrorCode.NotFound, (await Assert.ThrowsAsync<AgentRuntimeException>(() => Tenant("nobody").UpdateAsync(Settings, null, TestContext.Current.CancellationToken))).Code);

    [Fact]
    public async Task SetSuspended_DirectoryOfTheSilo_KnowsWithinTwoSeconds()
    {
        var directory = silo.Services.GetRequiredService<TenantDirectory>();
        await Tenant("stopped").CreateAsync(Settings, TestContext.Current.CancellationToken);
        await directory.RequireActiveAsync(TenantId.Parse("stopped"), TestContext.Current.CancellationToken);
        await Tenant("stopped").SetSuspendedAsync(true, "unpaid", null, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await directory.GetAsync(TenantId.Parse("stopped"), TestContext.Current.CancellationToken))!.SuspendedReason is null && watch.Elapsed < TimeSpan.FromSeconds(2))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(async () => await directory.RequireActiveAsync(TenantId.Parse("stopped"), TestContext.Current.CancellationToken));
        Assert.Contains("is suspended (unpaid)", refused.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private ITenantGrain Tenant(string name) => silo.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(TenantId.Parse(name)));
}
