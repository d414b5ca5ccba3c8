using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Fork;

/// <summary>Lets a refund be approved and made, forks that run at every record, and approves one refund in each fork that asks.</summary>
internal static class ForkCampaign
{
    public static async Task<ForkReport> RunAsync(string? plant, CancellationToken cancellation)
    {
        await using var desk = await Desk.OpenAsync(plant, cancellation);
        var parent = await desk.StartAsync("parent");
        await desk.ApproveAsync(parent, await desk.SettledAsync(parent) ?? throw new InvalidOperationException("The refund asked nobody."));
        await desk.SettledAsync(parent);
        if (desk.Refunds(parent) != 1) throw new InvalidOperationException($"The parent made {desk.Refunds(parent)} refunds instead of 1.");
        var last = (await desk.RecordsAsync(parent)).Count - 1;
        var (asked, unapproved, approved) = (0, 0, 0);
        var broken = new SortedSet<string>(StringComparer.Ordinal);
        for (var seq = 0; seq <= last; seq++)
        {
            foreach (var live in new[] { true, false })
            {
                cancellation.ThrowIfCancellationRequested();
                var fork = await desk.ForkAsync(parent, seq, live);
                var question = await desk.SettledAsync(fork);
                unapproved += desk.Refunds(fork);
                if (desk.Refunds(fork) > 0) broken.Add("effect_without_approval");
                if (question is null) continue;
                asked++;
                approved += await ApproveAsync(desk, fork, question, broken);
            }
        }

        var asks = (await desk.RecordsAsync(parent)).FindIndex(static record => record is ToolReturned { Step: 2 });
        if (asked != asks) broken.Add("asked_again");
        return new ForkReport(plant, 2 * (last + 1), asked, unapproved, approved, [.. broken]);
    }

    private static async Task<int> ApproveAsync(Desk desk, RunKey fork, ApprovalRequested question, SortedSet<string> broken)
    {
        await desk.ApproveAsync(fork, question);
        await desk.SettledAsync(fork);
        if (desk.Refunds(fork) != 1) broken.Add("one_effect_an_approval");
        return desk.Refunds(fork);
    }
}
