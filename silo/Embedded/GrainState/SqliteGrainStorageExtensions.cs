using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

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
            .Validate(options => options.DatabasePath.Length > 0, $"SqliteGrainStorageOptions.DatabasePath of store '{name}' is empty; name a file.");
        silo.Services.AddGrainStorage(name, static (services, store) =>
            Open(services, store, services.GetRequiredService<IOptionsMonitor<SqliteGrainStorageOptions>>().Get(store).DatabasePath));
        return silo;
    }

    /// <summary>Opens the store of that name in a file, as a silo does.</summary>
    public static SqliteGrainStorage Open(IServiceProvider services, string store, string path) => new(
        store,
        services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
        path,
        services.GetRequiredService<Serializer>(),
        services.GetRequiredService<IActivatorProvider>(),
        services.GetRequiredService<TimeProvider>());
}
