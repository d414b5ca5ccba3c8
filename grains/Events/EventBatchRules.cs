using AgentRuntime.Common;

namespace AgentRuntime.Events;

/// <summary>What a batch must be before anything of it is believed. Who may send to the queues may send anything.</summary>
internal static class EventBatchRules
{
    private const int MaxType = 64;

    /// <exception cref="AgentRuntimeException">InvalidArgument: it is none that a publisher made for this tenant.</exception>
    public static void Require(EventBatch batch, TenantId tenant)
    {
        if (batch.Tenant != tenant) throw Wrong(tenant, "says that it is another tenant's");
        if (batch.Runs is not { Count: > 0 } || batch.Runs.Sum(static run => run.Events.Count) > EventBatch.MaxEvents) throw Wrong(tenant, "has no run or too many records");
        foreach (var run in batch.Runs)
        {
            if (!IdFormat.IsValid(run.Run)) throw Wrong(tenant, "has a run without an id");
            foreach (var each in run.Events)
            {
                if (each is not { Seq: >= 0, HeaderHash.Length: RunEvent.HashBytes, Type.Length: > 0 and <= MaxType }) throw Wrong(tenant, $"has a record of run {run.Run} that no journal has");
            }
        }
    }

    /// <summary>The records of each run together.</summary>
    public static IEnumerable<(string Run, List<RunEvent> Events)> ByRun(EventBatch batch) => batch.Runs
        .GroupBy(static run => run.Run, StringComparer.Ordinal)
        .Select(static same => (same.Key, same.SelectMany(static run => run.Events).ToList()));

    private static AgentRuntimeException Wrong(TenantId tenant, string what) => new(ErrorCode.InvalidArgument, $"A batch of events for tenant {tenant} {what}; it is not believed.");
}
