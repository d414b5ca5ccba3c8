using System.Reflection;
using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.Grains.Tests.Tools.Http;

/// <summary>A grain factory that knows tenants only, each with one list of hosts.</summary>
public class FakeTenants : DispatchProxy
{
    private TenantView? _view;

    internal static TenantDirectory With(TimeProvider clock, params string[] hosts)
    {
        var factory = Create<IGrainFactory, FakeTenants>();
        ((FakeTenants)(object)factory)._view = new TenantView(TenantId.Parse("acme"), new TenantSettings("Acme", 10, hosts), null, "1", ToolSamples.Now);
        return new TenantDirectory(factory, clock);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var grain = Create<ITenantGrain, Tenant>();
        ((Tenant)(object)grain).View = _view;
        return grain;
    }

    public class Tenant : DispatchProxy
    {
        public TenantView? View { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Task.FromResult(View);
    }
}
