using AgentRuntime.Aws;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Testing.Aws;

/// <summary>The moto of a test assembly: one server for all its classes, started when a test first needs it. Each class takes a bucket of its own.</summary>
public sealed class S3StandIn : IAsyncLifetime
{
    private static int _buckets;

    private readonly SemaphoreSlim _once = new(1);
    private MotoServer? _server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _once.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>Where the server is; skips the calling test where there is no Python or no moto.</summary>
    internal async Task<Uri> EndpointAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _server ??= await MotoServer.StartAsync(await PythonPackages.RequireAsync());
            return _server.Endpoint;
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>A client as the library makes it. It is the provider's: dispose of that.</summary>
    internal async Task<ServiceProvider> ClientsAsync(Action<AwsOptions>? configure = null)
    {
        var endpoint = await EndpointAsync();
        return new ServiceCollection().AddAws(options => (options.S3Endpoint, options.Credentials) = (endpoint, new BasicAWSCredentials("test", "test"))).AddAws(configure).BuildServiceProvider();
    }

    /// <summary>A new bucket that no other test of this assembly has.</summary>
    internal static async Task<string> NewBucketAsync(IAmazonS3 client)
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}";
        await client.PutBucketAsync(name, TestContext.Current.CancellationToken);
        return name;
    }
}
