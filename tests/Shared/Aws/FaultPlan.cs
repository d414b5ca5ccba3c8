using System.Collections.Concurrent;

namespace AgentRuntime.Testing.Aws;

/// <summary>Which request meets which fault: those that a test names, and a share of the others that a seed chooses.</summary>
internal sealed class FaultPlan(int seed = 0, double share = 0)
{
    private readonly Lock _gate = new();
    private readonly Random _dice = new(seed);
    private readonly List<(FaultKind Kind, string Operation)> _named = [];
    private readonly ConcurrentDictionary<FaultKind, int> _injected = [];

    /// <summary>How often each kind was really met.</summary>
    public IReadOnlyDictionary<FaultKind, int> Injected => _injected;

    /// <summary>From now on nothing is met.</summary>
    public bool IsOver { get; set; }

    /// <summary>The next <paramref name="times"/> requests for an operation, such as <c>PutItem</c>, meet this.</summary>
    public FaultPlan Add(FaultKind kind, string operation, int times = 1)
    {
        lock (_gate) _named.AddRange(Enumerable.Repeat((kind, operation), times));
        return this;
    }

    /// <summary>What a request for an operation meets, of what it can meet; null for nothing.</summary>
    public FaultKind? Next(string operation, IReadOnlyList<FaultKind> fitting)
    {
        if (IsOver) return null;
        lock (_gate)
        {
            var named = _named.FindIndex(each => each.Operation == operation);
            if (named >= 0)
            {
                var kind = _named[named].Kind;
                _named.RemoveAt(named);
                return kind;
            }

            return _dice.NextDouble() < share ? fitting[_dice.Next(fitting.Count)] : null;
        }
    }

    public void Met(FaultKind kind) => _injected.AddOrUpdate(kind, 1, static (_, count) => count + 1);
}
