using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Chaos.Faults;

/// <summary>All faults of a campaign, counted where they are met.</summary>
internal sealed class FaultTally(int wanted)
{
    private readonly Lock _gate = new();
    private readonly List<FaultPlan> _plans = [];
    private readonly List<SqsFaults> _queues = [];
    private bool _isOver;

    /// <summary>There were enough. Who works ends its work.</summary>
    public bool IsEnough { get; private set; }

    public int Total
    {
        get
        {
            lock (_gate) return _plans.Sum(plan => plan.Injected.Values.Sum()) + _queues.Sum(queue => queue.Injected.Values.Sum());
        }
    }

    public IReadOnlyDictionary<string, int> ByKind
    {
        get
        {
            lock (_gate)
            {
                var kinds = Enum.GetValues<FaultKind>().ToDictionary(Name, kind => _plans.Sum(plan => plan.Injected.GetValueOrDefault(kind)));
                kinds["partial_batch"] += Count(SqsFaults.Partial);
                kinds["duplicate_delivery"] = Count(SqsFaults.Duplicate);
                kinds["reordered_delivery"] = Count(SqsFaults.Reorder);
                kinds["late_redelivery"] = Count(SqsFaults.Late);
                kinds["undecodable_message"] = Count(SqsFaults.Undecodable);
                return kinds;
            }
        }
    }

    public FaultPlan Add(FaultPlan plan)
    {
        lock (_gate)
        {
            plan.IsOver = _isOver;
            _plans.Add(plan);
        }

        return plan;
    }

    public SqsFaults Add(SqsFaults queue)
    {
        lock (_gate)
        {
            queue.IsOver = _isOver;
            _queues.Add(queue);
        }

        return queue;
    }

    /// <summary>Waits until there were enough, and ends them.</summary>
    public async Task AwaitEnoughAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        while (Total < wanted) await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        IsEnough = true;
    }

    /// <summary>No request meets a fault any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _plans.ForEach(plan => plan.IsOver = true);
            _queues.ForEach(queue => queue.IsOver = true);
        }
    }

    private int Count(string fault) => _queues.Sum(queue => queue.Injected.GetValueOrDefault(fault));

    private static string Name(FaultKind kind) => kind switch
    {
        FaultKind.Throttle => "throttle",
        FaultKind.ServerError => "server_error",
        FaultKind.TimeoutWithEffect => "timeout_with_effect",
        FaultKind.TimeoutWithoutEffect => "timeout_without_effect",
        FaultKind.PartialBatch => "partial_batch",
        _ => "stale_read",
    };
}
