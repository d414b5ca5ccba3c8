using AgentRuntime.Common;
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

    private static RunKey Key(string tenant) => PublishingBench.Key(tenant, 1);

    private static Task MendAsync(PublishingBench bench)
    {
        bench.Time.Advance(PublishQueue.CheckAfter);
        return bench.Repeater.MendNotedAsync(TestContext.Current.CancellationToken);
    }
}
