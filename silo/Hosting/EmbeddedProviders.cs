using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Membership;

namespace AgentRuntime.Hosting;

/// <summary>The ports as one host serves them: SQLite and files in one data folder.</summary>
internal static class EmbeddedProviders
{
    public static ISiloBuilder UseEmbeddedProviders(this ISiloBuilder silo)
    {
        silo.UseSqliteClustering((options, services) =>
            options.DatabasePath = services.GetRequiredService<DataFolder>().At(ClusterSeat.MembershipDatabase));
        silo.AddSqliteGrainStorageAsDefault((options, services) =>
            options.DatabasePath = services.GetRequiredService<DataFolder>().At("state.db"));
        return silo;
    }
}
