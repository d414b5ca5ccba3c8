using AgentRuntime.Testing.Conformance;
using Orleans.TestingHost;

namespace AgentRuntime.Silo.Tests.Embedded.Streams;

/// <summary>Orleans' streams in memory, held to what streams on SQS are: what runs on the one runs on the other. The embedded silo publishes no events and has neither.</summary>
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
