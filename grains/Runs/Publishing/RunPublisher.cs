using AgentRuntime.Common;
using AgentRuntime.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Publishing;

/// <summary>Publishes what this silo appends, a moment later and many runs at a time.</summary>
internal sealed partial class RunPublisher(PublishQueue queue, EventSender sender, TimeProvider time, ILogger<RunPublisher> log) : BackgroundService
{
    /// <summary>How long records wait for others to travel with. Each subscriber writes once for each batch: the longer, the fewer.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private const int MaxPerRound = 4_096;
    private const int MaxConcurrentTenants = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.Appends.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Linger, time, stoppingToken);
                await PublishAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await PublishAsync();
        }
    }

    // What has been appended meanwhile waits for the next time.
    private async Task PublishAsync()
    {
        for (var left = queue.Appends.Count; left > 0; left -= MaxPerRound) await PublishSomeAsync();
    }

    private async Task PublishSomeAsync()
    {
        var appends = new List<AppendedRecords>();
        while (appends.Count < MaxPerRound && queue.Appends.TryRead(out var append)) appends.Add(append);
        await Parallel.ForEachAsync(
            appends.GroupBy(static append => append.Run.Tenant),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentTenants },
            async (tenant, _) => await PublishAsync(tenant.Key, [.. tenant]));
    }

    private async Task PublishAsync(TenantId tenant, List<AppendedRecords> appends)
    {
        try
        {
            foreach (var batch in EventBatches.Pack(tenant, appends)) await sender.SendAsync(batch);
        }
        catch (Exception failure)
        {
            // Nobody can say which batches are on their way; whoever has them already says so when asked.
            LogNotPublished(failure, tenant, appends.Count);
            foreach (var append in appends) queue.AddBehind(append.Run, append.LastSeq);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} appends of tenant {Tenant} could not be published; what is missing is read from the journal and tried again.")]
    private partial void LogNotPublished(Exception failure, TenantId tenant, int count);
}
