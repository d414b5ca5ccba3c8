using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Embedded.GrainState;

internal static class SqliteGrainStorageExtensions
{
    /// <summary>Keeps the default grain state in a SQLite file.</summary>
    public static ISiloBuilder AddSqliteGrainStorageAsDefault(
        this ISiloBuilder silo, Action<SqliteGrainStorageOptions, IServiceProvider> configure) =>
        silo.AddSqliteGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configure);

    /// <summary>Keeps grain state of the store <paramref name="name"/> in a SQLite file.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(
        this ISiloBuilder silo, string name, Action<SqliteGrainStorageOptions, IServiceProvider> configure)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddOptions<SqliteGrainStorageOptions>(name)
            .Configure(configure)
            .PostConfigure<Serializer>((options, serializer) => options.GrainStorageSerializer ??= new OrleansGrainStorageSerializer(serializer))
            .Validate(options => options.DatabasePath.Length > 0, $"SqliteGrainStorageOptions.DatabasePath of store '{name}' is empty; name a file.");
        silo.Services.AddGrainStorage(name, static (services, store) => new SqliteGrainStorage(
            store,
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            services.GetRequiredService<IOptionsMonitor<SqliteGrainStorageOptions>>().Get(store),
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<TimeProvider>()));
        return silo;
    }
}
