using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.Index;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs.Recovery;

/// <summary>Measures how many approvals wait, now and then and only while somebody wants to know. Silos that share a store say the same.</summary>
internal sealed partial class WaitingApprovals : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IApprovalInbox _inbox;
    private readonly TimeProvider _time;
    private readonly ILogger<WaitingApprovals> _log;
    private readonly ObservableGauge<long> _gauge;
    private long? _waiting;

    public WaitingApprovals(IMeterFactory meters, IApprovalInbox inbox, TimeProvider time, ILogger<WaitingApprovals> log)
    {
        (_inbox, _time, _log) = (inbox, time, log);
        _gauge = meters.Create(RuntimeSource.Name).CreateObservableGauge(
            "agentruntime.approvals.waiting",
            () => _waiting is { } waiting ? [new Measurement<long>(waiting)] : Array.Empty<Measurement<long>>(),
            "{approval}",
            "Approvals that wait in the stores that this silo serves.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
            {
                if (_gauge.Enabled) await CountAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task CountAsync(CancellationToken stop)
    {
        try
        {
            _waiting = await _inbox.CountWaitingAsync(stop);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // No figure is better than an old one.
            _waiting = null;
            LogNotCounted(fault.GetType().Name);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The approvals that wait could not be counted ({Fault}); tried again.")]
    private partial void LogNotCounted(string fault);
}
