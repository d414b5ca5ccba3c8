using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace AgentRuntime.Aws.Tests.Cluster;

/// <summary>Silos and clients of one cluster whose members, states and reminders are in DynamoDB Local.</summary>
internal sealed class DynamoCluster(AwsStandIn aws) : IAsyncDisposable
{
    private readonly string _prefix = AwsStandIn.NewPrefix();
    private readonly MemoryPayloads _payloads = new();
    private readonly List<IHost> _hosts = [];

    public string Membership => $"{_prefix}membership";

    public string State => $"{_prefix}state";

    public string Reminders => $"{_prefix}reminders";

    public MemoryPayloads Payloads => _payloads;

    public Task CreateTablesAsync() =>
        aws.CreateAsync(DynamoDbTable.Membership(Membership), DynamoDbTable.GrainState(State), DynamoDbTable.Reminders(Reminders));

    public async Task<IHost> StartSiloAsync()
    {
        var options = await aws.OptionsAsync();
        var ports = FreePorts.Take(2);
        return await StartAsync(Host.CreateApplicationBuilder().UseOrleans(silo =>
        {
            silo.Services.AddAws(options);
            silo.Configure<ClusterOptions>(Identify)
                .Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(1))
                .ConfigureEndpoints("127.0.0.1", ports[0], ports[1])
                .UseDynamoDBClustering(clustering => clustering.TableName = Membership)
                .UseDynamoDBReminderService(reminders => reminders.TableName = Reminders)
                .AddDynamoDBGrainStorageAsDefault(state =>
                {
                    state.TableName = State;
                    state.PayloadStore = _payloads;
                });
        }));
    }

    /// <summary>A client, which knows nothing but the table.</summary>
    public async Task<IClusterClient> ConnectAsync()
    {
        var options = await aws.OptionsAsync();
        var host = await StartAsync(Host.CreateApplicationBuilder().UseOrleansClient(client =>
        {
            client.Services.AddAws(options);
            client.Configure<ClusterOptions>(Identify).UseDynamoDBClustering(gateways => gateways.TableName = Membership);
        }));
        return host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Stops a silo as a deployment does.</summary>
    public async Task StopAsync(IHost silo)
    {
        _hosts.Remove(silo);
        await silo.StopAsync(TestContext.Current.CancellationToken);
        silo.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        // The clients, which came last, go first.
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
    }

    private void Identify(ClusterOptions cluster) => (cluster.ClusterId, cluster.ServiceId) = ($"{_prefix}cluster", $"{_prefix}service");

    private async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        _hosts.Add(host);
        return host;
    }
}
