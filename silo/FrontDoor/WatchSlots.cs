using System.Collections.Concurrent;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

/// <summary>Bounds the open watches of each tenant.</summary>
internal sealed class WatchSlots(IOptions<FrontDoorOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private readonly ConcurrentDictionary<TenantId, int> _open = new();

    /// <summary>Takes a place; disposing gives it back.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded.</exception>
    public WatchSlot Enter(Caller caller, CancellationToken callCancelled)
    {
        var max = options.Value.MaxWatchesPerTenant;
        var tenant = caller.Tenant;
        if (_open.AddOrUpdate(tenant, 1, static (_, open) => open + 1) > max)
        {
            Leave(tenant);
            throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"tenant '{tenant}': {max} watches are open on this silo; close one.", isTransient: true);
        }

        return new WatchSlot(() => Leave(tenant), caller.ExpiresAt - time.GetUtcNow(), time, lifetime.ApplicationStopping, callCancelled);
    }

    private void Leave(TenantId tenant)
    {
        if (_open.AddOrUpdate(tenant, 0, static (_, open) => open - 1) == 0) _open.TryRemove(new KeyValuePair<TenantId, int>(tenant, 0));
    }
}
