using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// The stand-ins of a test assembly, DynamoDB Local and fauxqs: one server each for all its classes, started when a test first needs it. Each class takes
/// tables and queues with a prefix of its own.
/// </summary>
public class AwsStandIn : IAsyncLifetime
{
    private static int _prefixes;

    private readonly SemaphoreSlim _once = new(1);
    private ServerProcess? _server;
    private FauxqsServer? _queues;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _once.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        if (_queues is not null) await _queues.DisposeAsync();
        Assert.Equal(0, NoScan.Count);
        GC.SuppressFinalize(this);
    }

    /// <summary>A prefix that no other test of this assembly has.</summary>
    internal static string NewPrefix() => $"t{Interlocked.Increment(ref _prefixes)}-";

    /// <summary>Where the server is; skips the calling test where there is no Java or no npm.</summary>
    internal async Task<Uri> DynamoDbAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _server ??= await StartAsync(await NodePackages.RequireAsync());
        }
        finally
        {
            _once.Release();
        }

        return _server.Endpoint;
    }

    /// <summary>Where the stand-in for SQS is; skips the calling test where there is no npm or no Node.js that is new enough.</summary>
    internal async Task<Uri> SqsAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _queues ??= await FauxqsServer.StartAsync(await NodePackages.RequireAsync());
        }
        finally
        {
            _once.Release();
        }

        Assert.SkipWhen(_queues is null, "fauxqs needs Node.js 22.5. Install it.");
        return _queues!.Endpoint;
    }

    /// <summary>Options that reach the stand-in for SQS, through <paramref name="wrap"/> if it is given.</summary>
    internal async Task<Action<AwsOptions>> SqsOptionsAsync(Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        var endpoint = await SqsAsync();
        return options =>
        {
            options.SqsEndpoint = endpoint;
            options.Credentials = new BasicAWSCredentials("test", "test");
            if (wrap is not null) options.WrapHandler = wrap;
        };
    }

    /// <summary>Options that reach the server, through <paramref name="wrap"/> if it is given. A Scan fails.</summary>
    internal async Task<Action<AwsOptions>> OptionsAsync(Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        var endpoint = await DynamoDbAsync();
        return options =>
        {
            options.DynamoDbEndpoint = endpoint;
            options.Credentials = new BasicAWSCredentials("test", "test");
            options.WrapHandler = sockets => wrap is null ? new NoScan(sockets) : wrap(new NoScan(sockets));
        };
    }

    /// <summary>A client as the library makes it. It is the provider's: dispose of that.</summary>
    internal async Task<ServiceProvider> ClientsAsync(Func<HttpMessageHandler, HttpMessageHandler>? wrap = null, Action<AwsOptions>? configure = null) =>
        new ServiceCollection().AddAws(await OptionsAsync(wrap)).AddAws(configure).BuildServiceProvider();

    /// <summary>Creates tables.</summary>
    internal virtual async Task CreateAsync(params DynamoDbTable[] tables)
    {
        await using var clients = await ClientsAsync();
        await DynamoDbTables.CreateAsync(clients.GetRequiredService<IAmazonDynamoDB>(), tables, TestContext.Current.CancellationToken);
    }

    private protected virtual async Task<ServerProcess> StartAsync(string modules)
    {
        var server = await DynamoDbLocal.StartAsync(modules);
        Assert.SkipWhen(server is null, "java is not on the PATH, and DynamoDB Local needs it. Install Java 17.");
        return server!;
    }
}
