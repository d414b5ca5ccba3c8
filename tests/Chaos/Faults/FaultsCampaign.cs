using System.Diagnostics;
using AgentRuntime.Chaos.Faults.Journal;
using AgentRuntime.Chaos.Faults.Membership;
using AgentRuntime.Chaos.Faults.Reminders;
using AgentRuntime.Chaos.Faults.State;
using AgentRuntime.Chaos.Faults.Streams;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Chaos.Faults;

/// <summary>All workloads at once on one set of stand-ins, until enough faults were met; then what is left is checked without any.</summary>
internal static class FaultsCampaign
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(14);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(2);

    public static async Task<FaultsReport> RunAsync(FaultsOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        await using var standIns = new StandIns();
        var (oracle, faults) = (new Oracle(), new FaultTally(options.Faults));
        var aws = new FaultyAws(await standIns.DynamoDbAsync(), await standIns.SqsAsync(), faults, options);
        IWorkload[] workloads =
        [
            new JournalWorkload(aws, oracle), new StateWorkload(aws, oracle), new ReminderWorkload(aws, oracle), new MembershipWorkload(aws, oracle), new StreamWorkload(aws, oracle),
        ];
        foreach (var workload in workloads) await workload.PrepareAsync();
        var working = workloads.Select(workload => Task.Run(() => workload.RunAsync(faults), cancellation)).ToList();
        var enough = faults.AwaitEnoughAsync(Patience, cancellation);
        // A workload that ends before there were enough has failed.
        await await Task.WhenAny([enough, .. working]);
        await enough;
        // Nobody waits for an answer that a fault holds back for long.
        await Task.WhenAll(working).WaitAsync(EndPatience, cancellation);
        faults.End();
        foreach (var workload in workloads) await workload.CheckAsync();
        oracle.Require(NoScan.Count == 0, "scan", $"{NoScan.Count} requests scanned a table");
        foreach (var workload in workloads) await workload.DisposeAsync();
        return new FaultsReport(
            options.Seed, options.Plant, faults.Total, faults.ByKind, workloads.ToDictionary(each => each.Name, each => each.Operations), Math.Round(watch.Elapsed.TotalSeconds, 1), oracle.Broken);
    }
}
