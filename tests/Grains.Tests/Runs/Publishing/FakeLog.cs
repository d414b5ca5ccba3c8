using System.Reflection;
using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

/// <summary>A subscriber that a test answers for.</summary>
public class FakeLog : DispatchProxy
{
    private Func<IReadOnlyList<RunHead>, Task<IReadOnlyList<long>>>? _find;

    internal static IRunEventLog Of(TenantId tenant, Func<TenantId, IReadOnlyList<RunHead>, Task<IReadOnlyList<long>>> find)
    {
        var log = Create<IRunEventLog, FakeLog>();
        ((FakeLog)(object)log)._find = heads => find(tenant, heads);
        return log;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _find!((IReadOnlyList<RunHead>)args![0]!);
}
