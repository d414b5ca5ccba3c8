using System.CommandLine;
using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Tenants;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Creates what the store aws needs. Nothing else ever does.</summary>
internal static class CreateTablesCommand
{
    public static Command Create(SiloOptionSet options)
    {
        var command = new Command(
            "create-tables",
            "Creates the DynamoDB tables, the S3 bucket and the SQS queues that --store aws needs, paid for by request, and says which cluster lives in them. What exists stays as it is: it may be run again.");
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var (silo, settings) = (options.Read(parsed), options.Settings(parsed));
                var store = AwsPlace.Read(settings);
                var tenancy = settings.GetSection(TenancyOptions.SectionName).Exists() ? AgentRuntimeHost.ReadTenancy(settings, silo) : null;
                if (tenancy is not null) AwsPlace.Require(store, tenancy);
                await StoreFailures.ReadingAsync("AWS", () => CreateAsync(silo, store, tenancy, new Announcement(options.Json(parsed)), cancellation), cancellation);
                return ExitCode.Ok;
            }
            catch (Exception failure)
            {
                var (code, line) = StartFailure.Describe(failure);
                await Console.Error.WriteLineAsync($"error: {line}");
                return code;
            }
        });
        return command;
    }

    private static async Task<bool> CreateAsync(SiloHostOptions silo, AwsStoreOptions store, TenancyPlan? tenancy, Announcement announcement, CancellationToken cancellation)
    {
        SiloHostOptionsValidator.Require(silo);
        await using var clients = new ServiceCollection().AddAws(AwsPlace.Configure(store)).BuildServiceProvider();
        var dynamoDb = clients.GetRequiredService<IAmazonDynamoDB>();
        var tables = new AwsTables(store.TablePrefix);
        var created = await DynamoDbTables.CreateAsync(dynamoDb, tables.All, cancellation);
        var bucketCreated = await TryCreateBucketAsync(clients.GetRequiredService<IAmazonS3>(), store, cancellation);
        var sqs = clients.GetRequiredService<IAmazonSQS>();
        created = [.. created, .. await EventQueues.CreateAsync(sqs, store, cancellation)];
        string[] queues = [.. EventQueues.NamesOf(store), .. store.StartQueue is { } starts ? [StartQueuePlace.DeadName(starts), starts] : Array.Empty<string>()];
        if (store.StartQueue is { } queue) created = [.. created, .. await StartQueuePlace.CreateAsync(sqs, queue, cancellation)];
        var origin = await TableOrigin.FindAsync(dynamoDb, tables.Journal, cancellation);
        await StoreIdentity.New(silo.ClusterId, silo.ServiceId, store.OpenRunParts, origin).TryCreateAsync(dynamoDb, tables.Journal, cancellation);
        var identity = (await StoreIdentity.FindAsync(dynamoDb, tables.Journal, cancellation))!;
        if (tenancy is not null) identity = await identity.ChangeTenancyAsync(dynamoDb, tables.Journal, tenancy.ToString(), cancellation);
        string[] all = [.. tables.All.Select(static table => table.Name), .. queues];
        announcement.Say(
            new { @event = "tables", created, existed = all.Except(created), bucket = store.Bucket, bucket_created = bucketCreated, cluster = identity.ClusterId, service = identity.ServiceId, open_run_parts = identity.OpenShards, tenancy = identity.Tenancy },
            $"""
            Tables and queues of cluster {identity.ClusterId}:
            {string.Join('\n', all.Select(name => $"  {name,-40} {(created.Contains(name) ? "created" : "there already")}"))}
            Bucket:
              {store.Bucket,-40} {(bucketCreated ? "created" : "there already")}
            Tenancy: {identity.Tenancy}
            Next: dotnet run --project silo -- --store aws
            """);
        return true;
    }

    private static async Task<bool> TryCreateBucketAsync(IAmazonS3 client, AwsStoreOptions store, CancellationToken cancellation)
    {
        try
        {
            await client.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = store.Bucket }, cancellation);
            await LockableBucket.RequireAsync(client, store, cancellation);
            return false;
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode == "NoSuchBucket")
        {
            var canLock = store.ObjectLock != ArtifactLockMode.None;
            await client.PutBucketAsync(new PutBucketRequest { BucketName = store.Bucket, UseClientRegion = true, ObjectLockEnabledForBucket = canLock }, cancellation);
            return true;
        }
    }
}
