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
        var first = await tenant.CreateAsync(Settings);
        await silo.ForgetAsync();
        var again = await tenant.CreateAsync(Settings with { EgressHosts = ["a.example.com", "b.example.com"] });

        Assert.Equal((first.Etag, first.CreatedAt), (again.Etag, again.CreatedAt));
        Assert.Equal(["a.example.com", "b.example.com"], again.Settings.EgressHosts);
    }

    [Fact]
    public async Task Create_OtherSettings_AlreadyExists()
    {
        var tenant = Tenant("other-settings");
        await tenant.CreateAsync(Settings);

        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => tenant.CreateAsync(Settings with { MaxOpenRuns = 11 }))).Code);
    }

    [Fact]
    public async Task Update_StaleEtag_RefusedAndNothingChanged()
    {
        var tenant = Tenant("etag");
        var first = await tenant.CreateAsync(Settings);
        await tenant.UpdateAsync(Settings with { MaxOpenRuns = 20 }, first.Etag);

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => tenant.UpdateAsync(Settings with { MaxOpenRuns = 30 }, first.Etag));

        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Equal(20, (await tenant.GetAsync())!.Settings.MaxOpenRuns);
    }

    [Fact]
    public async Task Get_NeverCreated_IsNull() => Assert.Null(await Tenant("nobody").GetAsync());

    [Fact]
    public async Task Update_NeverCreated_NotFound() => Assert.Equal(
        ErrorCode.NotFound, (await Assert.ThrowsAsync<AgentRuntimeException>(() => Tenant("nobody").UpdateAsync(Settings, null))).Code);

    [Fact]
    public async Task SetSuspended_DirectoryOfTheSilo_KnowsWithinTwoSeconds()
    {
        var directory = silo.Services.GetRequiredService<TenantDirectory>();
        await Tenant("stopped").CreateAsync(Settings);
        await directory.RequireActiveAsync(TenantId.Parse("stopped"));
        await Tenant("stopped").SetSuspendedAsync(true, "unpaid");
        var watch = Stopwatch.StartNew();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await directory.GetAsync(TenantId.Parse("stopped")))!.SuspendedReason is null && watch.Elapsed < TimeSpan.FromSeconds(2))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(async () => await directory.RequireActiveAsync(TenantId.Parse("stopped")));
        Assert.Contains("is suspended (unpaid)", refused.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private ITenantGrain Tenant(string name) => silo.Grains.GetGrain<ITenantGrain>(TenantGrainKey.For(TenantId.Parse(name)));
}
