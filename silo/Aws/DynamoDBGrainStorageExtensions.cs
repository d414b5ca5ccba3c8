using AgentRuntime.Aws.DynamoDb.GrainState;
using AgentRuntime.Aws.Payloads;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Aws;

/// <summary>Keeps grain state in DynamoDB.</summary>
public static class DynamoDBGrainStorageExtensions
{
    /// <summary>Keeps the default grain state in a DynamoDB table. See <see cref="AddDynamoDBGrainStorage(ISiloBuilder, string, Action{OptionsBuilder{DynamoDBStorageOptions}})"/>.</summary>
    public static ISiloBuilder AddDynamoDBGrainStorageAsDefault(this ISiloBuilder builder, Action<DynamoDBStorageOptions> configureOptions) =>
        builder.AddDynamoDBGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <summary>Keeps the default grain state in a DynamoDB table. See <see cref="AddDynamoDBGrainStorage(ISiloBuilder, string, Action{OptionsBuilder{DynamoDBStorageOptions}})"/>.</summary>
    public static ISiloBuilder AddDynamoDBGrainStorageAsDefault(this ISiloBuilder builder, Action<OptionsBuilder<DynamoDBStorageOptions>>? configureOptions = null) =>
        builder.AddDynamoDBGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <summary>Keeps grain state of the store <paramref name="name"/> in a DynamoDB table. See the other overload.</summary>
    public static ISiloBuilder AddDynamoDBGrainStorage(this ISiloBuilder builder, string name, Action<DynamoDBStorageOptions> configureOptions) =>
        builder.AddDynamoDBGrainStorage(name, options => options.Configure(configureOptions));

    /// <summary>
    /// Keeps grain state of the store <paramref name="name"/> in a DynamoDB table, which must exist when the silo starts. A write that has returned is durable
    /// and seen by every later read. Of two activations that write after reading the same, the second gets <see cref="InconsistentStateException"/>; an
    /// activation never gets it for a write of its own whose answer was lost. An etag from before a state was cleared or expired never fits again.
    /// </summary>
    public static ISiloBuilder AddDynamoDBGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<DynamoDBStorageOptions>>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services.AddAws();
        var options = services.AddOptions<DynamoDBStorageOptions>(name);
        configureOptions?.Invoke(options);
        options.ValidateOnStart();
        services.TryAddSingleton<StateTableOwners>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DynamoDBStorageOptions>, DynamoDBStorageOptionsValidator>());
        services.AddTransient<IPostConfigureOptions<DynamoDBStorageOptions>, DefaultStorageProviderSerializerOptionsConfigurator<DynamoDBStorageOptions>>();
        services.AddGrainStorage(name, Create);
        return builder;
    }

    private static DynamoDBGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<DynamoDBStorageOptions>>().Get(name);
        services.GetRequiredService<StateTableOwners>().Claim(options.TableName, name);
        var payloads = options.Bucket is { } bucket ? new S3PayloadStore(services.GetRequiredService<IAmazonS3>(), bucket, options.KmsKey) : options.PayloadStore;
        return new DynamoDBGrainStorage(
            name,
            options,
            services.GetRequiredService<IAmazonDynamoDB>(),
            payloads,
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<TimeProvider>());
    }
}
