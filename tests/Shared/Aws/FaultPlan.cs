using System.Collections.Concurrent;

namespace AgentRuntime.Testing.Aws;

/// <summary>Which request meets which fault: those that a test names, and a share of the others that a seed chooses.</summary>
internal sealed class FaultPlan(int seed = 0, double share = 0)
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private readonly Lock _gate = new();
    private readonly Random _dice = new(seed);
    private readonly List<(FaultKind Kind, string Operation)> _named = [];
    private readonly ConcurrentDictionary<FaultKind, int> _injected = [];

    /// <summary>How often each kind was really met.</summary>
    public IReadOnlyDictionary<FaultKind, int> Injected => _injected;

    /// <summary>The next <paramref name="times"/> requests for an operation, such as <c>PutItem</c>, meet this.</summary>
    public FaultPlan Add(FaultKind kind, string operation, int times = 1)
    {
        lock (_gate) _named.AddRange(Enumerable.Repeat((kind, operation), times));
        return this;
    }

    public FaultKind? Next(string operation)
    {
        lock (_gate)
        {
            var named = _named.FindIndex(each => each.Operation == operation);
            if (named >= 0)
            {
                var kind = _named[named].Kind;
                _named.RemoveAt(named);
                return kind;
            }

            return _dice.NextDouble() < share ? Kinds[_dice.Next(Kinds.Length)] : null;
        }
    }

    public void Met(FaultKind kind) => _injected.AddOrUpdate(kind, 1, static (_, count) => count + 1);
}
