using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.EventBridge;
using AgentRuntime.Aws.Signing;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.Runtime;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.EventBridge;

/// <summary>On moto: what is put reaches the target of a rule.</summary>
public sealed class MotoBusTests(S3StandIn moto)
{
    [Fact]
    public async Task PutAsync_RuleWithAQueue_DeliversTheEvent()
    {
        var stop = TestContext.Current.CancellationToken;
        var endpoint = await moto.EndpointAsync();
        await using var services = new ServiceCollection().AddAws(options =>
        {
            (options.Region, options.EventBridgeEndpoint, options.SqsEndpoint, options.Credentials) = ("us-east-1", endpoint, endpoint, new BasicAWSCredentials("test", "test"));
        }).BuildServiceProvider();
        var sqs = services.GetRequiredService<IAmazonSQS>();
        var url = (await sqs.CreateQueueAsync("bus-target", stop)).QueueUrl;
        var arn = (await sqs.GetQueueAttributesAsync(url, ["QueueArn"], stop)).QueueARN;
        using var client = services.GetRequiredService<AwsConnection>().EventBridge();
        await CallAsync(client, "CreateEventBus", """{"Name": "agents"}""");
        Assert.True(await new EventBus(client, "agents", TimeProvider.System).ExistsAsync(stop));
        Assert.False(await new EventBus(client, "others", TimeProvider.System).ExistsAsync(stop));
        await CallAsync(client, "PutRule", """{"Name": "all", "EventBusName": "agents", "EventPattern": "{\"source\": [\"agent-runtime\"]}"}""");
        await CallAsync(client, "PutTargets", $$"""{"Rule": "all", "EventBusName": "agents", "Targets": [{"Id": "1", "Arn": "{{arn}}"}]}""");

        await new EventBus(client, "agents", TimeProvider.System).PutAsync([new BusEvent("agent-runtime", "run.completed", TimeProvider.System.GetUtcNow(), """{"run": "r1"}""")], stop);

        JsonNode? delivered = null;
        await Eventually.TrueAsync(
            async () => (delivered = (await sqs.ReceiveMessageAsync(url, stop)).Messages?.Select(message => JsonNode.Parse(message.Body)).FirstOrDefault()) is not null, "the event is delivered");
        Assert.Equal("run.completed", (string?)delivered!["detail-type"]);
        Assert.Equal("r1", (string?)delivered["detail"]!["run"]);
    }

    private static Task<byte[]> CallAsync(SignedClient client, string operation, string body) => client.SendAsync(
        new SignedRequest($"AWSEvents.{operation}", "application/x-amz-json-1.1", Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken);
}
