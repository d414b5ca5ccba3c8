using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Tenants;

/// <summary>
/// A cluster of one tenant: the one whose name a file in the data folder has. Of many that claim the file at once, one succeeds.
/// </summary>
internal sealed class OneTenant(DataFolder folder) : ITenantAdmission
{
    private volatile string? _known;

    private string File => folder.At(FolderLayout.OnlyTenant);

    // A disk is waited for: not on the thread of a grain.
    public Task AdmitAsync(TenantId tenant) => Task.Run(() =>
    {
        if (Find() is null) DurableFile.TryCreate(File, Encoding.UTF8.GetBytes(tenant.Value));
        if (Find() is { } only && only != tenant.Value) throw Taken(tenant, only);
    });

    public void Require(TenantId tenant)
    {
        if (Find() is not { } only)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"credential: tenant {tenant} does not exist. Create it first; this cluster serves one tenant.");
        if (only != tenant.Value)
            throw new AgentRuntimeException(ErrorCode.PermissionDenied, $"credential: speaks for tenant {tenant}, and this cluster serves one tenant, another one. Use its own cluster.");
    }

    /// <summary>Makes the file say what the stored tenants say. A claim without a tenant is void unless another silo may be creating it.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition: there are several tenants.</exception>
    public void Settle(IReadOnlyList<TenantId> stored, bool isAlone)
    {
        if (stored.Count > 1)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"Data folder '{folder.Path}' has several tenants, {stored[0]} and {stored[1]} among them, but Tenancy:Mode is account-per-tenant. "
                + "Set the mode to shared, or give each tenant a folder of its own with --data (Silo:DataFolder).");
        }

        if (stored.Count == 1 && Find() != stored[0].Value) DurableFile.Replace(File, Encoding.UTF8.GetBytes(stored[0].Value));
        if (stored.Count == 0 && isAlone) System.IO.File.Delete(File);
        _known = null;
    }

    private static AgentRuntimeException Taken(TenantId tenant, string only) => new(
        ErrorCode.FailedPrecondition,
        $"tenant {tenant}: this cluster serves one tenant, {only}, because Tenancy:Mode is account-per-tenant. Set up another cluster for {tenant}.");

    private string? Find()
    {
        if (_known is { } known) return known;
        try
        {
            return _known = System.IO.File.ReadAllText(File);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
