using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Embedded.Membership;

internal static class SqliteClusteringExtensions
{
    /// <summary>Keeps the members of the cluster in a SQLite file that all silos of this host share.</summary>
    public static ISiloBuilder UseSqliteClustering(this ISiloBuilder silo, Action<SqliteClusteringOptions, IServiceProvider> configure)
    {
        silo.Services.AddOptions<SqliteClusteringOptions>()
            .Configure(configure)
            .Validate(options => options.DatabasePath.Length > 0, "SqliteClusteringOptions.DatabasePath is empty; name a file.");
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<SqliteMembershipTable>();
        silo.Services.AddSingleton<IMembershipTable>(services => services.GetRequiredService<SqliteMembershipTable>());
        return silo;
    }
}
