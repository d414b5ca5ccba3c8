using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.Tenants;

/// <summary>Before anything runs: a data folder with several tenants is refused where one is wanted.</summary>
internal sealed class OneTenantAtStart(
    OneTenant tenant,
    DataFolder folder,
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage,
    TimeProvider time) : IHostedService
{
    private const string StateName = "tenant";
    private const string Prefix = "tenant/";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var held = await folder.LockAsync(time, cancellationToken);
        var stored = await ((IGrainStateKeys)storage).ListKeysAsync(StateName, Prefix, Prefix, limit: 2);
        tenant.Settle([.. stored.Select(key => TenantId.Parse(key[Prefix.Length..]))], isAlone: SiloSeats.FindLiving(folder.Path).Count == 1);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
