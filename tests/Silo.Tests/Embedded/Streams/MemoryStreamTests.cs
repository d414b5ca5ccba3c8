using AgentRuntime.Testing.Conformance;
using Orleans.TestingHost;

namespace AgentRuntime.Silo.Tests.Embedded.Streams;

/// <summary>On the streams in memory that the embedded silo has.</summary>
public sealed class MemoryStreamTests(MemoryStreamTests.Cluster cluster) : StreamConformance(cluster), IClassFixture<MemoryStreamTests.Cluster>
{
    public sealed class Cluster : StreamCluster
    {
        protected override Task AddStreamsAsync(InProcessTestClusterBuilder cluster)
        {
            cluster.ConfigureSilo(static (_, silo) => silo.AddMemoryStreams(Provider));
            cluster.ConfigureClient(static client => client.AddMemoryStreams(Provider));
            return Task.CompletedTask;
        }
    }
}
