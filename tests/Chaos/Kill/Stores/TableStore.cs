using System.Diagnostics;
using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Membership;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>Everything in tables and a bucket, on DynamoDB Local, moto and fauxqs. The silo's own command makes them.</summary>
internal sealed class TableStore : ICampaignStore
{
    private const string Prefix = "AGENTRT_";
    private const string Credential = "test";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Settings that came after the commit of which .ci/old-chaos makes the older version.
    private static readonly string[] SinceOld = [$"{Prefix}Aws__SqsEndpoint", $"{Prefix}Aws__EventQueues"];

    private readonly StandIns _standIns;
    private readonly ServiceProvider _services;
    private readonly AwsPlace _place;
    private readonly TableTail _tail;

    private TableStore(StandIns standIns, Dictionary<string, string> environment, ServiceProvider services, AwsPlace place, KillOptions options)
    {
        (_standIns, Environment, _services, _place) = (standIns, environment, services, place);
        _tail = new TableTail(services.GetRequiredService<IRunJournal>(), options, TimeProvider.System);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public IReadOnlyDictionary<string, string> OldEnvironment => Environment.Where(each => !SinceOld.Contains(each.Key)).ToDictionary();

    public JournalTail Tail => _tail;

    public static async Task<TableStore> StartAsync(KillOptions options)
    {
        var standIns = new StandIns();
        try
        {
            var environment = EnvironmentOf(await standIns.DynamoDbAsync(), await standIns.S3Async(), await standIns.SqsAsync());
            await CreateTablesAsync(environment);
            var settings = Read(environment);
            var services = new ServiceCollection().AddAws(AwsPlace.Configure(settings)).AddAws(aws => aws.Credentials = new BasicAWSCredentials(Credential, Credential));
            var tables = new AwsTables(settings.TablePrefix);
            await using var clients = services.BuildServiceProvider();
            var identity = await StoreIdentity.FindAsync(clients.GetRequiredService<IAmazonDynamoDB>(), tables.Journal, CancellationToken.None)
                ?? throw new InvalidOperationException("create-tables has not finished.");
            var place = new AwsPlace(settings, tables, identity, new TableOrigin(identity.TableId, AsOf: null));
            return new TableStore(standIns, environment, services.AddAwsRunStore(new JournalTable(tables.Journal, identity.OpenShards)).BuildServiceProvider(), place, options);
        }
        catch
        {
            await standIns.DisposeAsync();
            throw;
        }
    }

    public async Task<bool> IsDeclaredDeadAsync(int siloPort)
    {
        var membership = new DynamoDBMembershipTable(
            Options.Create(new DynamoDBClusteringOptions { TableName = _place.Tables.Membership }),
            Options.Create(new ClusterOptions { ClusterId = _place.Identity.ClusterId }),
            _services.GetRequiredService<IAmazonDynamoDB>(),
            TimeProvider.System);
        var all = await membership.ReadAllAsync(CancellationToken.None);
        var newest = all.Members.Select(member => member.Item1).Where(silo => silo.SiloAddress.Endpoint.Port == siloPort).MaxBy(silo => silo.SiloAddress.Generation);
        return newest?.Status == SiloStatus.Dead;
    }

    public StoredRuns Open() => new(
        _services.GetRequiredService<IRunJournal>(),
        new S3ArtifactStore(_services.GetRequiredService<IAmazonS3>(), new ArtifactNames(_place.Identity.ArtifactKey), new ArtifactBucket(_place.Options.Bucket, null), TimeProvider.System),
        static () => ValueTask.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        _tail.Dispose();
        await _services.DisposeAsync();
        await _standIns.DisposeAsync();
    }

    private static Dictionary<string, string> EnvironmentOf(Uri dynamoDb, Uri s3, Uri sqs) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = Credential,
        ["AWS_SECRET_ACCESS_KEY"] = Credential,
        [$"{Prefix}Aws__DynamoDbEndpoint"] = dynamoDb.ToString(),
        [$"{Prefix}Aws__S3Endpoint"] = s3.ToString(),
        [$"{Prefix}Aws__SqsEndpoint"] = sqs.ToString(),
        [$"{Prefix}Aws__EventQueues"] = "2",
        [$"{Prefix}Aws__TablePrefix"] = "chaos-",
        [$"{Prefix}Aws__Bucket"] = "chaos-artifacts",
        // Each part is asked twice a second, and the stand-in shares two processors with all silos.
        [$"{Prefix}Aws__OpenRunParts"] = "3",
    };

    private static AwsStoreOptions Read(Dictionary<string, string> environment) => AwsPlace.Read(
        new ConfigurationBuilder().AddInMemoryCollection(environment
            .Where(each => each.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(each => new KeyValuePair<string, string?>(each.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), each.Value))).Build());

    private static async Task CreateTablesAsync(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), "create-tables", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"create-tables ended with {process.ExitCode}. {await output} {errors}");
    }
}
