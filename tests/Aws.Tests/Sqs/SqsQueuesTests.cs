using System.Text.Json.Nodes;
using AgentRuntime.Aws.Sqs;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>On fauxqs.</summary>
public sealed class SqsQueuesTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly SqsStreamOptions _options = new() { QueueNamePrefix = $"{AwsStandIn.NewPrefix()}queue", QueueCount = 2 };
    private ServiceProvider? _clients;

    private IAmazonSQS Client => _clients!.GetRequiredService<IAmazonSQS>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _clients = new ServiceCollection().AddAws(await aws.SqsOptionsAsync()).BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task CreateAsync_Twice_CreatesOnceWithAQueueOfTheDeadBehindEach()
    {
        var prefix = _options.QueueNamePrefix;
        Assert.Equal([$"{prefix}-dead", $"{prefix}-0", $"{prefix}-1"], await SqsQueues.CreateAsync(Client, _options, Stop));
        Assert.Empty(await SqsQueues.CreateAsync(Client, _options, Stop));
        await SqsQueues.CheckAsync(Client, _options, Stop);

        var url = (await Client.GetQueueUrlAsync($"{prefix}-1", Stop)).QueueUrl;
        var found = (await Client.GetQueueAttributesAsync(url, ["All"], Stop)).Attributes;
        var policy = JsonNode.Parse(found["RedrivePolicy"])!;
        Assert.EndsWith($"{prefix}-dead", policy["deadLetterTargetArn"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(int.Parse(policy["maxReceiveCount"]!.ToString(), null) > _options.MaxReceives, "SQS gives up before the reason is known");
        Assert.Equal("30", found["VisibilityTimeout"]);
    }

    [Fact]
    public async Task CheckAsync_MissingQueue_NamesItAndTheFix()
    {
        await SqsQueues.CreateAsync(Client, _options, Stop);
        _options.QueueCount = 3;
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => SqsQueues.CheckAsync(Client, _options, Stop));
        Assert.Contains($"'{_options.QueueNamePrefix}-2'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SqsQueues.CreateAsync", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Client.GetQueueUrlAsync($"{_options.QueueNamePrefix}-2", Stop));
    }

    [Fact]
    public async Task CheckAsync_QueueThatNeverGivesUp_IsRefused()
    {
        await Client.CreateQueueAsync($"{_options.QueueNamePrefix}-dead", Stop);
        await Client.CreateQueueAsync($"{_options.QueueNamePrefix}-0", Stop);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => SqsQueues.CreateAsync(Client, _options, Stop));
        Assert.Contains("redrive policy", failure.Message, StringComparison.Ordinal);
    }
}
