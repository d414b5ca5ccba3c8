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

    private static RunKey Key(string tenant) => PublishingBench.Key(tenant, 1);

    private static Task MendAsync(PublishingBench bench)
    {
        bench.Time.Advance(PublishQueue.CheckAfter);
        return bench.Repeater.MendNotedAsync(TestContext.Current.CancellationToken);
    }
}
