using AgentRuntime.Common;

namespace AgentRuntime.Events;

/// <summary>All subscribers that have to have every record, asked as one.</summary>
internal sealed class EventLogs(IEnumerable<RequiredLog> logs, IGrainFactory grains)
{
    private readonly RequiredLog[] _logs = [.. logs];

    /// <summary>For each head the first seq that one of them lacks; more than its last where none does.</summary>
    /// <param name="tenant">Whose runs they are.</param>
    /// <param name="heads">At most <see cref="IRunEventLog.MaxHeads"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<long[]> FindMissingAsync(TenantId tenant, RunHead[] heads, CancellationToken cancellation)
    {
        var missing = heads.Select(static head => head.LastSeq + 1).ToArray();
        foreach (var found in await Task.WhenAll(_logs.Select(log => log.Of(grains, tenant).FindMissingAsync(heads))).WaitAsync(cancellation))
        {
            for (var i = 0; i < missing.Length; i++) missing[i] = Math.Min(missing[i], found[i]);
        }

        return missing;
    }
}
