using AgentRuntime.Artifacts;
using AgentRuntime.Audit;
using AgentRuntime.Aws;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Proofs;
using AgentRuntime.AwsStore.Sessions;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Events;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Slo;
using AgentRuntime.Tenants;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;

namespace AgentRuntime.Hosting;

/// <summary>The ports as a cluster serves them: DynamoDB, S3 and SQS. The data folder keeps only what is this machine's.</summary>
internal static class AwsProviders
{
    private const string StateStore = "dynamodb";

    // Meanwhile the tenant's other batches wait for that consumer. Then the batch comes again, later and perhaps elsewhere.
    private static readonly TimeSpan MaxDelivery = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddAwsStore(this IServiceCollection services, AwsPlace place, TenancyPlan tenancy)
    {
        var (options, tables, identity, _) = place;
        services.AddAws(AwsPlace.Configure(options, tenancy));
        if (tenancy.Mode == TenancyMode.Segmented)
        {
            services.AddSingleton<ITenantAdmission>(new SegmentAdmission(tenancy));
            services.AddSingleton(provider => new ServedRuns(tenancy, (segment, share) => provider.GetRequiredService<TenantSilos>().Narrow(segment, share)));
        }

        services.AddAwsRunStore(new JournalTable(tables.Journal, identity.OpenShards));
        services.AddRunPublishing().AddAudit().AddSlo();
        services.AddSingleton(new ArtifactNames(identity.ArtifactKey));
        services.AddSingleton(provider => new ArtifactBucket(options.Bucket, options.KmsKey, Lock(options, provider)));
        services.AddSingleton<IArtifactStore, S3ArtifactStore>();
        services.AddSingleton<StoreProbe>(provider => async cancellation =>
        {
            await StoreFailures.ReadingAsync(
                provider.GetRequiredService<JournalTable>().Store, () => StoreIdentity.FindAsync(provider.GetRequiredService<IAmazonDynamoDB>(), tables.Journal, cancellation), cancellation);
            await BucketCheck.RequireAsync(provider.GetRequiredService<IAmazonS3>(), options.Bucket, cancellation);
        });
        services.AddSingleton<IUsedProofs>(provider => new DynamoDbUsedProofs(provider.GetRequiredService<IAmazonDynamoDB>(), tables.State));
        services.AddSingleton(new SessionKey(identity.DeriveKey(SessionKey.Purpose)));
        services.AddSingleton<SessionIndex>();
        services.AddSingleton<ISessionCatalog>(provider => provider.GetRequiredService<SessionIndex>());
        return services;
    }

    public static ISiloBuilder UseAwsProviders(this ISiloBuilder silo, AwsPlace place)
    {
        var (options, tables, _, _) = place;
        silo.UseDynamoDBClustering(clustering => clustering.TableName = tables.Membership);
        silo.UseDynamoDBReminderService(reminders => reminders.TableName = tables.Reminders);
        silo.Services.AddSingleton<TenantGrains>();
        silo.AddDynamoDBGrainStorage(StateStore, storage => storage.Configure<TenantGrains, Serializer>((state, grains, serializer) =>
        {
            state.TableName = tables.State;
            state.Bucket = options.Bucket;
            state.KmsKey = options.KmsKey;
            state.Tenant = grain => grains.TenantOf(grain)?.Value ?? AwsPlace.NoTenant;
            state.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        silo.AddSqsStreams(EventStreams.Provider, queues => EventQueues.Configure(options, queues), static stream =>
        {
            // Whoever hears of events is a grain of ours that says so by an attribute: there is nothing to keep.
            stream.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            stream.ConfigurePullingAgent(agent => agent.Configure(static pulling => pulling.MaxEventDeliveryTime = MaxDelivery));
        });
        silo.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, _) => new GrainStates(
            new ListedSessions(services.GetRequiredKeyedService<IGrainStorage>(StateStore), services.GetRequiredService<SessionIndex>()), tables.State));
        return silo;
    }

    private static ArtifactLock? Lock(AwsStoreOptions options, IServiceProvider services)
    {
        var mode = options.ObjectLock switch
        {
            ArtifactLockMode.Governance => ObjectLockMode.Governance,
            ArtifactLockMode.Compliance => ObjectLockMode.Compliance,
            _ => null,
        };
        return mode is null ? null : new ArtifactLock(
            mode,
            TimeSpan.FromDays(options.ObjectLockMaxDays),
            async (tenant, cancellation) => (await services.GetRequiredService<TenantDirectory>().GetAsync(tenant, cancellation))?.Settings.Retention,
            services.GetRequiredService<TimeProvider>());
    }
}
