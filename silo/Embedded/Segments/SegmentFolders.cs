using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;

namespace AgentRuntime.Embedded.Segments;

/// <summary>What lies in a data folder against what is configured.</summary>
internal static class SegmentFolders
{
    /// <exception cref="AgentRuntimeException">FailedPrecondition: the folder has a segment that no setting names. Nothing was changed.</exception>
    public static void RequireNamed(DataFolder folder, TenancyPlan plan)
    {
        foreach (var tenant in FolderLayout.SegmentsIn(folder.Path))
        {
            if (plan.SegmentOf(tenant) is not null) continue;
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"Tenant {tenant} has a segment in '{folder.At(FolderLayout.PlaceOf(tenant))}', but Tenancy:Segments does not name it. "
                + "Name it, with Tenancy:Mode segmented, or move that folder away: with it goes all that the tenant has.");
        }
    }
}
