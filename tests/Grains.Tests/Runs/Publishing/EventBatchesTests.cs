using System.Security.Cryptography;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Publishing;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

public sealed class EventBatchesTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    [Fact]
    public void Pack_AppendsOfARun_TravelTogether()
    {
        var batch = Assert.Single(EventBatches.Pack(Tenant, [Append("one", 0, 2), Append("two", 4, 1), Append("one", 2, 1)]));
        EventBatchRules.Require(batch, Tenant);
        Assert.Equal(["one", "two"], batch.Runs.Select(static run => run.Run));
        Assert.Equal([0L, 1, 2], batch.Runs[0].Events.Select(static each => each.Seq));
        var first = batch.Runs[0].Events[0];
        Assert.Equal((EventTypes.RunStarted, DateTimeOffset.UnixEpoch), (first.Type, first.Time));
        Assert.Equal(SHA256.HashData(Header("one", 0)), first.HeaderHash);
    }

    [Fact]
    public void Pack_AppendsWithAGap_StayApart() =>
        Assert.Equal([2, 1], EventBatches.Pack(Tenant, [Append("one", 0, 2), Append("one", 9, 1)]).Single().Runs.Select(static run => run.Events.Count));

    [Fact]
    public void Pack_MoreThanABatchTakes_MakesSeveral()
    {
        var batches = EventBatches.Pack(Tenant, Enumerable.Range(0, 3_000).Select(number => Append($"run-{number}", 0, 1))).ToList();
        Assert.All(batches, batch => EventBatchRules.Require(batch, Tenant));
        Assert.Equal(3_000, batches.SelectMany(static batch => batch.Runs).DistinctBy(static run => run.Run).Count());
        Assert.Equal(3, batches.Count);
    }

    [Fact]
    public void Pack_ALongRun_LosesNothing()
    {
        var batches = EventBatches.Pack(Tenant, Enumerable.Range(0, 20).Select(number => Append("run", number * 100, 100))).ToList();
        Assert.All(batches, batch => EventBatchRules.Require(batch, Tenant));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(static seq => (long)seq), batches.SelectMany(static batch => batch.Runs).SelectMany(static run => run.Events).Select(static each => each.Seq));
    }

    private static AppendedRecords Append(string run, long seq, int count) =>
        new(new RunKey(Tenant, RunId.Parse(run)), "agent", seq, [.. Enumerable.Range(0, count).Select(at => Header(run, seq + at))]);

    private static byte[] Header(string run, long seq) => HeaderCodec.Encode(
        new HeaderFields(new RunKey(Tenant, RunId.Parse(run)), seq, EventTypes.RunStarted, 1, 1, DateTimeOffset.UnixEpoch, "somebody", default, 0), new byte[32], new byte[32]);
}
