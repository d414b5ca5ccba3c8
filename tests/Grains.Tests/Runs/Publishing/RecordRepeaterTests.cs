using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Publishing;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

public sealed class RecordRepeaterTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [Fact]
    public async Task Mend_ATenantFails_PublishesTheOthersAndKeepsItsNotes()
    {
        using var bench = new PublishingBench();
        bench.Troubles[Acme] = static () => throw new TimeoutException("Broken.");
        foreach (var run in new[] { Key("acme"), Key("bolt") }) bench.Queue.AddBehind(run, 2);
        await MendAsync(bench);
        Assert.Equal("bolt", Assert.Single(bench.Stream.Sent).Tenant.Value);

        bench.Troubles.Clear();
        bench.Time.Advance(TenantTurns.Rest);
        await MendAsync(bench);
        Assert.Equal(["bolt", "acme"], bench.Stream.Sent.Select(static batch => batch.Tenant.Value));
    }

    [Fact]
    public async Task Mend_LostAgainAfterItWasRepeated_IsRepeatedWhenItsTimeHasCome()
    {
        using var bench = new PublishingBench();
        bench.Queue.AddBehind(Key("acme"), 0);
        await MendAsync(bench);
        Assert.Single(bench.Stream.Sent);
        bench.Has(Key("acme"), 1);
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        bench.Queue.AddBehind(Key("acme"), 2);
        await MendAsync(bench);
        Assert.Single(bench.Stream.Sent);

        bench.Time.Advance(RecordRepeater.Repeat - TimeSpan.FromSeconds(30));
        await MendAsync(bench);
        Assert.Equal([1L, 2], bench.Stream.Sent.Last().Runs.Single().Events.Select(static each => each.Seq));
    }

    [Fact]
    public async Task Mend_WhatWasRepeatedIsLost_IsRepeatedAgainUntilItArrives()
    {
        using var bench = new PublishingBench();
        bench.Queue.AddBehind(Key("acme"), 2);
        await MendAsync(bench);
        bench.Time.Advance(RecordRepeater.Repeat);
        await MendAsync(bench);
        Assert.Equal(2, bench.Stream.Sent.Count);
        bench.Has(Key("acme"), 3);
        bench.Time.Advance(RecordRepeater.Repeat);
        await MendAsync(bench);
        bench.Time.Advance(RecordRepeater.Repeat);
        await MendAsync(bench);
        Assert.Equal(2, bench.Stream.Sent.Count);
        Assert.Empty(bench.Queue.TakeBehind(10));
    }

    [Fact]
    public async Task Repeat_ManyRunsOfATenant_TravelTogetherAndWhole()
    {
        using var bench = new PublishingBench();
        bench.Journal.Records = 700;
        bench.Journal.Broken = PublishingBench.Key("acme", 1);
        var brief = Enumerable.Range(0, 100).Select(number => (new RunMark(PublishingBench.Key("acme", number), 2), 0L));
        var extended = (new RunMark(PublishingBench.Key("bolt", 1), 699), 5L);
        await bench.Repeater.RepeatAsync([.. brief, extended], TestContext.Current.CancellationToken);

        Assert.All(bench.Stream.Sent, static batch => EventBatchRules.Require(batch, batch.Tenant));
        var sent = bench.Stream.Sent.ToLookup(static batch => batch.Tenant.Value);
        Assert.Equal(99, sent["acme"].SelectMany(static batch => batch.Runs).DistinctBy(static run => run.Run).Count());
        Assert.True(sent["acme"].Count() < 30, $"{sent["acme"].Count()} batches");
        Assert.Equal(Enumerable.Range(5, 695).Select(static seq => (long)seq), sent["bolt"].SelectMany(static batch => batch.Runs).SelectMany(static run => run.Events).Select(static each => each.Seq));
    }

    private static RunKey Key(string tenant) => PublishingBench.Key(tenant, 1);

    private static Task MendAsync(PublishingBench bench)
    {
        bench.Time.Advance(PublishQueue.CheckAfter);
        return bench.Repeater.MendNotedAsync(TestContext.Current.CancellationToken);
    }
}
