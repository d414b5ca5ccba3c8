using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>What a silo finds in the index of what is open, of runs of acme, whose segment is served elsewhere, and of beta. On DynamoDB Local.</summary>
public sealed class ServedRunsTests(AwsStandIn aws)
{
    private const int Foreign = 40;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Index_FindsOnlyRunsOfTenantsThatAreServedHere()
    {
        await using var all = await RunStoreOfTest.CreateAsync(aws);
        for (var run = 0; run < Foreign; run++)
        {
            await all.Journal.AppendAsync(Start(NewRun(), owner: "silo-dead"));
            await WaitAsync(all, NewRun(), Now.AddHours(-1));
            await EndAsync(all, NewRun());
        }

        var orphan = NewRun("beta");
        await all.Journal.AppendAsync(Start(orphan, owner: "silo-dead"));
        var due = await WaitAsync(all, NewRun("beta"), Now.AddSeconds(-1));
        var ended = await EndAsync(all, NewRun("beta"));
        var inbox = NewRun("beta");
        await all.Journal.AppendAsync(Start(inbox));
        await all.Journal.AppendAsync(Next(inbox, 1) with { Inbox = [Approval("a1", inbox)] });
        var foreignInbox = NewRun();
        await all.Journal.AppendAsync(Start(foreignInbox));
        await all.Journal.AppendAsync(Next(foreignInbox, 1) with { Inbox = [Approval("a1", foreignInbox), Approval("a2", foreignInbox)] });

        await using var here = await OpenAsync(all);
        await Eventually.TrueAsync(async () => (await all.Index.FindOrphansAsync(["silo-1"], PollerShare.Whole, 100, Stop)).Count == Foreign + 1, "the index has followed");
        Assert.Equal([orphan], await here.Index.FindOrphansAsync(["silo-1"], PollerShare.Whole, limit: 2, Stop));
        Assert.Equal([due], await here.Index.FindDueAsync(Now, PollerShare.Whole, limit: 2, Stop));
        Assert.Equal([inbox], await here.Index.FindHeldAsync("silo-1", static _ => false, limit: 2, Stop));
        var unpublished = here.Services.GetRequiredService<IUnpublishedRuns>();
        Assert.Equal([ended], await unpublished.FindEndedAsync(PollerShare.Whole, 16, Stop).SelectMany(static page => page).Select(static mark => mark.Run).ToListAsync(Stop));
        var waiting = new List<RunKey>();
        await foreach (var page in unpublished.FindWaitingAsync(PollerShare.Whole, Stop)) waiting.AddRange(page.Select(mark => mark.Run));
        Assert.Equal([due], waiting);
        Assert.Equal((1, 3), (await here.Inbox.CountWaitingAsync(Stop), await all.Inbox.CountWaitingAsync(Stop)));

        await Assert.ThrowsAsync<ForeignTenantException>(() => here.Journal.FindAsync(foreignInbox, Stop));
        await unpublished.CloseAsync([ended], Stop);
        Assert.False(await unpublished.FindEndedAsync(PollerShare.Whole, 16, Stop).SelectMany(static page => page).AnyAsync(Stop));
    }

    [Fact]
    public async Task CloseAsync_RunsOfManyTenants_AreRequestsOfOneTenantEach()
    {
        await using var all = await RunStoreOfTest.CreateAsync(aws);
        await using var gated = await RunStoreOfTest.OpenAsync(aws, all.Table, configure: options => options.ServesTenant = static _ => true);
        RunKey[] ended = [await EndAsync(all, NewRun()), await EndAsync(all, NewRun("beta")), await EndAsync(all, NewRun())];
        var unpublished = gated.Services.GetRequiredService<IUnpublishedRuns>();
        await unpublished.CloseAsync(ended, Stop);
        Assert.False(await unpublished.FindEndedAsync(PollerShare.Whole, 100, Stop).SelectMany(static page => page).AnyAsync(Stop));
    }

    [Fact]
    public void In_TwoSegmentsWithSharesOfTheirOwn_TakesOfEachPartTheRunsOfThose()
    {
        var plan = Segmented("acme", "beta");
        var served = new ServedRuns(plan, (segment, _) => segment == TenantId.Parse("acme") ? new PollerShare(0, 2) : segment == TenantId.Parse("beta") ? PollerShare.Whole : null);
        var parts = served.In(new PollerShare(3, 4), parts: 4).OrderBy(each => each.Part).ToList();
        Assert.Equal([0, 1, 2, 3], parts.Select(each => each.Part));
        Assert.Equal([true, false, true, false], parts.Select(each => each.IsMine(NewRun())));
        Assert.All(parts, each => Assert.True(each.IsMine(NewRun("beta"))));
        Assert.All(parts, each => Assert.False(each.IsMine(NewRun("gamma"))));
    }

    [Fact]
    public void In_NoShareOfTheSegment_IsNothing() => Assert.Empty(new ServedRuns(Segmented("acme"), static (_, _) => null).In(PollerShare.Whole, parts: 4));

    private static TenancyPlan Segmented(params string[] serves)
    {
        var options = new TenancyOptions { Mode = "segmented" };
        options.Segments.Add("acme");
        options.Segments.Add("beta");
        return TenancyPlan.Of(options, serves);
    }

    private static async Task<RunKey> WaitAsync(RunStoreOfTest store, RunKey run, DateTimeOffset due)
    {
        await store.Journal.AppendAsync(Start(run));
        await store.Journal.AppendAsync(Next(run, 1, Waiting(due)));
        return run;
    }

    private static async Task<RunKey> EndAsync(RunStoreOfTest store, RunKey run)
    {
        await store.Journal.AppendAsync(Start(run));
        await store.Journal.AppendAsync(Next(run, 1, Closed()));
        return run;
    }

    private Task<RunStoreOfTest> OpenAsync(RunStoreOfTest all)
    {
        var options = new TenancyOptions { Mode = "segmented" };
        options.Segments.Add("acme");
        var plan = TenancyPlan.Of(options, []);
        return RunStoreOfTest.OpenAsync(
            aws, all.Table, configure: options => options.ServesTenant = tenant => plan.ServesHere(plan.SegmentOf(TenantId.Parse(tenant))), served: new ServedRuns(plan, static (_, share) => share));
    }
}
