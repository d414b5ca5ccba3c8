using System.Collections.Concurrent;
using AgentRuntime.Common;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Does something for many tenants at once. Whose turn fails or hangs ends that one alone, and has no other for a while.</summary>
internal sealed partial class TenantTurns(TimeProvider time, ILogger<TenantTurns> log)
{
    /// <summary>How long one step of a turn may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>How long a tenant has no turn after one that failed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    // After this long a turn takes no further step: the others wait for its end.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);
    private const int MaxConcurrent = 32;

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _resting = new();

    /// <summary>
    /// Takes steps of at most <paramref name="most"/> runs, those of a tenant one after the other. Nobody is told which were not taken: what a step has
    /// to say it keeps itself.
    /// </summary>
    public Task TakeAsync<T>(IEnumerable<IGrouping<TenantId, T>> work, int most, Func<TenantId, T[], CancellationToken, Task> step, CancellationToken stop) =>
        Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = stop }, async (tenant, _) =>
        {
            var begun = time.GetUtcNow();
            foreach (var some in tenant.Chunk(most))
            {
                if (time.GetUtcNow() - begun > Turn || IsResting(tenant.Key)) return;
                await TakeAsync(tenant.Key, some, step, stop);
            }
        });

    private async Task TakeAsync<T>(TenantId tenant, T[] some, Func<TenantId, T[], CancellationToken, Task> step, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            await step(tenant, some, either.Token).WaitAsync(either.Token);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            _resting[tenant] = time.GetUtcNow() + Rest;
            LogFailed(failure, tenant, Rest);
        }
    }

    private bool IsResting(TenantId tenant)
    {
        if (!_resting.TryGetValue(tenant, out var until)) return false;
        if (time.GetUtcNow() < until) return true;
        _resting.TryRemove(tenant, out _);
        return false;
    }

    [LoggerMessage(1, LogLevel.Warning, "What subscribers of events lack of tenant {Tenant} could not be found out or published; after {Rest} it is tried again.")]
    private partial void LogFailed(Exception failure, TenantId tenant, TimeSpan rest);
}
