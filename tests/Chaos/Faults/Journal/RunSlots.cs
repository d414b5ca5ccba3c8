using AgentRuntime.Common;
using AgentRuntime.Runs;

namespace AgentRuntime.Chaos.Faults.Journal;

/// <summary>The runs that are written to now, few enough that writers meet, and those before them.</summary>
internal sealed class RunSlots
{
    public const int Count = 8;
    public static readonly TenantId Tenant = TenantId.Parse("faults");

    private readonly Lock _gate = new();
    private readonly Oracle _oracle;
    private readonly RunModel[] _slots;
    private readonly List<RunModel> _all = [];

    public RunSlots(Oracle oracle)
    {
        _oracle = oracle;
        _slots = [.. Enumerable.Range(0, Count).Select(_ => New())];
    }

    public IReadOnlyList<RunModel> All
    {
        get
        {
            lock (_gate) return [.. _all];
        }
    }

    public RunModel At(int slot)
    {
        lock (_gate) return _slots[slot];
    }

    /// <summary>A run that has ended makes room for a new one.</summary>
    public void Replace(RunModel ended)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_slots, ended) is >= 0 and var slot) _slots[slot] = New();
        }
    }

    private RunModel New()
    {
        var model = new RunModel(new RunKey(Tenant, RunId.Parse($"run-{_all.Count + 1}")), _oracle);
        _all.Add(model);
        return model;
    }
}
