using System.Collections.Concurrent;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>Silos on queues of their own, each with a line to SQS that a test may cut.</summary>
public class SqsStreamCluster(AwsStandIn aws) : StreamCluster
{
    private readonly MemoryPayloads _payloads = new();
    private readonly string _prefix = $"{AwsStandIn.NewPrefix()}stream";
    private ServiceProvider? _clients;

    /// <summary>By the name of the silo.</summary>
    internal ConcurrentDictionary<string, CutLine> Lines { get; } = [];

    protected virtual int MaxReceives => 2;

    internal IAmazonSQS Client => _clients!.GetRequiredService<IAmazonSQS>();

    internal async Task<int> CountAsync(string suffix)
    {
        var found = await Client.GetQueueAttributesAsync((await Client.GetQueueUrlAsync($"{_prefix}-{suffix}")).QueueUrl, ["All"]);
        return found.ApproximateNumberOfMessages + found.ApproximateNumberOfMessagesNotVisible;
    }

    /// <summary>The reasons of the next messages of the dead.</summary>
    internal async Task<List<string>> DeadAsync()
    {
        var url = (await Client.GetQueueUrlAsync($"{_prefix}-dead")).QueueUrl;
        var found = await Client.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MessageAttributeNames = ["All"], WaitTimeSeconds = 20, MaxNumberOfMessages = 10 });
        return [.. (found.Messages ?? []).Select(static message => message.MessageAttributes["reason"].StringValue)];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_clients is not null) await _clients.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task AddStreamsAsync(InProcessTestClusterBuilder cluster)
    {
        var connect = await aws.SqsOptionsAsync();
        _clients = new ServiceCollection().AddAws(connect).BuildServiceProvider();
        var options = new SqsStreamOptions();
        Configure(options);
        await SqsQueues.CreateAsync(Client, options);
        cluster.ConfigureSilo((own, silo) =>
        {
            silo.Services.AddAws(connect).AddAws(options => options.WrapHandler = sockets => Lines.GetOrAdd(own.SiloName, new CutLine(sockets)));
            silo.AddSqsStreams(Provider, Configure);
        });
        cluster.ConfigureClient(client =>
        {
            client.Services.AddAws(connect);
            client.AddSqsStreams(Provider, Configure);
        });
    }

    private void Configure(SqsStreamOptions options)
    {
        options.QueueNamePrefix = _prefix;
        options.QueueCount = 4;
        options.VisibilityTimeout = TimeSpan.FromSeconds(3);
        options.MaxReceives = MaxReceives;
        options.PayloadStore = _payloads;
        options.Tenant = static stream => stream.GetKeyAsString().Split('/')[0];
    }
}
