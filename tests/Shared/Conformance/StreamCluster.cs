using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Streams;
using Orleans.TestingHost;

namespace AgentRuntime.Testing.Conformance;

/// <summary>Silos with a stream provider, started when a test first needs them.</summary>
public abstract class StreamCluster : IAsyncLifetime
{
    public const string Provider = "streams";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _once = new(1);
    private InProcessTestCluster? _cluster;

    protected virtual short Silos => 1;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _once.Dispose();
        GC.SuppressFinalize(this);
    }

    public async Task<InProcessTestCluster> StartAsync()
    {
        await _once.WaitAsync();
        try
        {
            return _cluster ??= await DeployAsync();
        }
        finally
        {
            _once.Release();
        }
    }

    public async Task<IAsyncStream<StreamEvent>> StreamAsync(string key) =>
        (await StartAsync()).Client.GetStreamProvider(Provider).GetStream<StreamEvent>(StreamId.Create(StreamConsumer.Namespace, key));

    public async Task PublishAsync(StreamScript script, params StreamEvent[] events) => await (await StreamAsync(script.Key)).OnNextBatchAsync(events);

    /// <summary>Prepares what the streams run on, and adds them to each silo and to the client.</summary>
    protected abstract Task AddStreamsAsync(InProcessTestClusterBuilder cluster);

    private async Task<InProcessTestCluster> DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("PubSubStore");
            // Tries of a delivery last a minute otherwise, and a dead silo is found out after ten seconds.
            silo.Services.Configure<StreamPullingAgentOptions>(Provider, static options => options.MaxEventDeliveryTime = Patience);
            silo.Services.Configure<ClusterMembershipOptions>(static options =>
            {
                options.ProbeTimeout = options.TableRefreshTimeout = options.IAmAliveTablePublishTimeout = Patience;
                (options.NumMissedProbesLimit, options.NumVotesForDeathDeclaration) = (2, 1);
            });
        });
        await AddStreamsAsync(builder);
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
