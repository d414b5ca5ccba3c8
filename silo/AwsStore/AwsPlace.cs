using AgentRuntime.Aws;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Aws.EventBridge;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Tenants;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.SQS;

namespace AgentRuntime.AwsStore;

/// <summary>The tables and queues of a cluster, found and checked.</summary>
/// <param name="Options">Where they are.</param>
/// <param name="Tables">Their names.</param>
/// <param name="Identity">What is written down in them.</param>
/// <param name="Origin">What the journal's table is.</param>
internal sealed record AwsPlace(AwsStoreOptions Options, AwsTables Tables, StoreIdentity Identity, TableOrigin Origin)
{
    /// <summary>Has the state of grains that belong to no tenant. No tenant is called so: a name has no underscore.</summary>
    public const string NoTenant = "_host";

    /// <summary>The queue from which runs are started, where there is one.</summary>
    public StartQueuePlace? StartQueue { get; private init; }

    /// <summary>Reads the settings and makes sure of the tables and queues. Nothing is created.</summary>
    /// <exception cref="AgentRuntimeException">A setting is wrong, a table or queue is missing, or they were restored; the message names it and the fix.</exception>
    public static async Task<AwsPlace> FindAsync(IConfiguration settings, TenancyPlan tenancy, bool hasIssuers, CancellationToken cancellation)
    {
        var options = Read(settings);
        Require(options, tenancy);
        if (!hasIssuers && !(IsLoopback(options.DynamoDbEndpoint) && IsLoopback(options.S3Endpoint) && IsLoopback(options.SqsEndpoint)))
        {
            throw new AgentRuntimeException(
                ErrorCode.InvalidArgument,
                "FrontDoor:Identity:Issuers names no issuer, and Silo:Store is aws: whoever reads this machine's development key would speak for every tenant of the cluster. "
                + "Configure an issuer. Without one the store must be a stand-in: Aws:DynamoDbEndpoint, Aws:S3Endpoint and Aws:SqsEndpoint all on loopback.");
        }

        if (options.StartQueue is not null && !hasIssuers)
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, "Aws:StartQueue is set, and FrontDoor:Identity:Issuers names no issuer: nobody vouches for those who send. Configure an issuer, or leave the queue out.");
        var place = await OpenAsync(options, cancellation);
        if (place.IsRestored) throw Restored(place.Tables);
        place.RequireSame(tenancy);
        await using var clients = new ServiceCollection().AddAws(Configure(options)).BuildServiceProvider();
        await BucketCheck.RequireAsync(clients.GetRequiredService<IAmazonS3>(), options.Bucket, cancellation);
        await StoreFailures.ReadingAsync($"S3 bucket {options.Bucket}", async () =>
        {
            await LockableBucket.RequireAsync(clients.GetRequiredService<IAmazonS3>(), options, cancellation);
            return true;
        }, cancellation);
        if (options.EventBus is { } bus) await RequireBusAsync(clients.GetRequiredService<AwsConnection>(), bus, cancellation);
        var sqs = clients.GetRequiredService<IAmazonSQS>();
        return await StoreFailures.ReadingAsync("SQS", async () =>
        {
            await CheckAsync(() => EventQueues.CheckAsync(sqs, options, cancellation));
            return options.StartQueue is { } queue ? place with { StartQueue = await StartQueuePlace.FindAsync(sqs, queue, cancellation) } : place;
        }, cancellation);
    }

    /// <summary>Whether the tables are none that were made for the cluster which they name: they were restored, and nobody has looked at their open runs.</summary>
    public bool IsRestored => Identity.TableId != Origin.Id;

    /// <summary>Makes sure of the tables, restored or not. Nothing is created.</summary>
    /// <exception cref="AgentRuntimeException">A table is missing; the message names it and the fix.</exception>
    public static async Task<AwsPlace> OpenAsync(AwsStoreOptions options, CancellationToken cancellation)
    {
        var tables = new AwsTables(options.TablePrefix);
        await using var clients = new ServiceCollection().AddAws(Configure(options)).BuildServiceProvider();
        var client = clients.GetRequiredService<IAmazonDynamoDB>();
        return await StoreFailures.ReadingAsync("DynamoDB", async () =>
        {
            await CheckAsync(() => DynamoDbTables.CheckAsync(client, tables.All, cancellation));
            var identity = await StoreIdentity.FindAsync(client, tables.Journal, cancellation) ?? throw Unfinished(tables);
            return new AwsPlace(options, tables, identity, await TableOrigin.FindAsync(client, tables.Journal, cancellation));
        }, cancellation);
    }

    /// <exception cref="AgentRuntimeException">FailedPrecondition: another cluster lives in the tables than was meant.</exception>
    public void RequireSame(string? serviceId, string? clusterId)
    {
        RequireSame("Silo:ServiceId", serviceId, Identity.ServiceId);
        RequireSame("Silo:ClusterId", clusterId, Identity.ClusterId);
    }

    /// <exception cref="AgentRuntimeException">InvalidArgument: a setting is wrong.</exception>
    public static AwsStoreOptions Read(IConfiguration settings)
    {
        var options = new AwsStoreOptions();
        ModelSection.Bind(settings.GetSection(AwsStoreOptions.SectionName), options);
        AwsStoreOptionsValidator.Require(options);
        return options;
    }

    /// <summary>How the clients of AWS are made.</summary>
    public static Action<AwsOptions> Configure(AwsStoreOptions options) => aws =>
    {
        aws.Region = options.Region;
        aws.DynamoDbEndpoint = options.DynamoDbEndpoint;
        aws.S3Endpoint = options.S3Endpoint;
        aws.SqsEndpoint = options.SqsEndpoint;
        aws.EventBridgeEndpoint = options.EventBridgeEndpoint;
        aws.MaxAttempts = options.MaxAttempts;
        aws.AttemptTimeout = options.AttemptTimeout;
    };

    /// <summary>How the clients of a silo are made: they touch only what belongs to tenants that it serves.</summary>
    public static Action<AwsOptions> Configure(AwsStoreOptions options, TenancyPlan tenancy) => aws =>
    {
        Configure(options)(aws);
        if (tenancy.Mode != TenancyMode.Segmented) return;
        aws.StsEndpoint = options.StsEndpoint;
        aws.TenantRole = options.TenantRole;
        aws.NoTenant = NoTenant;
        aws.ServesTenant = name => IdFormat.IsValid(name) && tenancy.ServesHere(tenancy.SegmentOf(TenantId.Parse(name)));
    };

    /// <exception cref="AgentRuntimeException">InvalidArgument: tenants cannot be kept apart so in AWS, or not with these settings.</exception>
    public static void Require(AwsStoreOptions options, TenancyPlan tenancy)
    {
        if (tenancy.Mode == TenancyMode.AccountPerTenant)
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, "Tenancy:Mode must be shared or segmented where Silo:Store is aws. Set it so, or give each tenant that must be apart tables of its own.");
        if (tenancy.Mode == TenancyMode.Shared && options.TenantRole is not null)
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, "Aws:TenantRole is set, and Tenancy:Mode is shared: every silo serves every tenant. Set the mode to segmented, or leave the role out.");
        if (tenancy.Mode == TenancyMode.Segmented && options.StartQueue is not null)
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, "Aws:StartQueue is set, and Tenancy:Mode is segmented: whichever silo receives a message may not serve its tenant. Leave the queue out and call the front door.");
    }

    private void RequireSame(TenancyPlan tenancy)
    {
        if (tenancy.ToString() == Identity.Tenancy) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"The tables '{Tables.Prefix}...' belong to a cluster with Tenancy '{Identity.Tenancy}', and this silo has '{tenancy}'. Correct Tenancy:Mode and Tenancy:Segments; "
            + "or, to change them for the cluster, stop all its silos and run silo -- create-tables with the new ones.");
    }

    private static async Task CheckAsync(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (OrleansConfigurationException failure)
        {
            throw new AgentRuntimeException(ErrorCode.FailedPrecondition, failure.Message, inner: failure);
        }
    }

    private static async Task RequireBusAsync(AwsConnection connection, string bus, CancellationToken cancellation)
    {
        using var client = connection.EventBridge();
        if (await StoreFailures.ReadingAsync("EventBridge", () => new EventBus(client, bus, TimeProvider.System).ExistsAsync(cancellation), cancellation)) return;
        throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"The event bus '{bus}' does not exist. Create it, or correct Aws:EventBus or the region.");
    }

    private void RequireSame(string setting, string? wanted, string existing)
    {
        if (wanted is null || wanted == existing) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition,
            $"The tables '{Tables.Prefix}...' belong to the cluster whose {setting} is '{existing}', not '{wanted}'. Leave {setting} out, or give the other cluster tables of its own with Aws:TablePrefix.");
    }

    private static bool IsLoopback(Uri? endpoint) => endpoint is { IsLoopback: true };

    private static AgentRuntimeException Restored(AwsTables tables) => new(
        ErrorCode.FailedPrecondition,
        $"The DynamoDB table '{tables.Journal}' is not the one that its cluster lived in: it was restored or copied, and its runs may have gone on elsewhere. "
        + "Run silo -- restore --store aws, which pauses every open run until a person resumes it, then start again.");

    private static AgentRuntimeException Unfinished(AwsTables tables) => new(
        ErrorCode.FailedPrecondition, $"The DynamoDB table '{tables.Journal}' does not say which cluster lives in it: its creation was not finished. Run silo -- create-tables.");
}
