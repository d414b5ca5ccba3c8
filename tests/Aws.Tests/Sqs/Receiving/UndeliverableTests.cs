using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Tests.Sqs.Receiving;

/// <summary>Messages that nobody can deliver, on fauxqs.</summary>
public sealed class UndeliverableTests(AwsStandIn aws)
{
    [Theory]
    [InlineData("not ours", "not an envelope")]
    [InlineData("tenant", "another tenant")]
    [InlineData("altered", "cannot be read")]
    [InlineData("no data", "missing")]
    [InlineData("foreign object", "not its own")]
    [InlineData("lost object", "missing")]
    public async Task Message_Undeliverable_IsPutAsideWithTheReasonAndLeavesTheOthersAlone(string fault, string reason)
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        var spoiled = Spoil(fault, await BodyAsync(queue));
        await queue.PublishAsync(1);
        await queue.SendAsync(spoiled);
        await queue.PublishAsync(2);

        var reader = await queue.ReadAsync();
        Assert.Equal([1, 2], Reader.Events<int>(await reader.TakeAsync(2)).Order());
        var dead = await queue.DeadAsync();
        Assert.Equal(spoiled, dead.Body);
        Assert.Contains(reason, dead.MessageAttributes["reason"].StringValue, StringComparison.Ordinal);
        Assert.Equal($"{queue.Options.QueueNamePrefix}-0", dead.MessageAttributes["queue"].StringValue);
        await reader.FinishAsync();
        await queue.EmptyAsync();
    }

    [Theory]
    [InlineData("version", "version 2")]
    [InlineData("encoding", "'brotli'")]
    [InlineData("type", "not known to this silo")]
    public async Task Message_ThatAnotherReleaseMayRead_IsLeftToItAndThenPutAside(string difference, string reason)
    {
        await using var queue = await StreamQueue.CreateAsync(aws, configure: static options => options.MaxReceives = 2);
        var strange = Spoil(difference, await BodyAsync(queue, new Order()));
        await queue.SendAsync(strange);
        await queue.PublishAsync(1);
        var reader = await queue.ReadAsync();
        Assert.Equal([1], Reader.Events<int>(await reader.TakeAsync(1)));

        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Empty(await reader.PumpAsync());
                return await queue.CountAsync("dead") == 1;
            },
            "the message came again and is in the queue of the dead");
        var dead = await queue.DeadAsync();
        Assert.Contains(reason, dead.MessageAttributes["reason"].StringValue, StringComparison.Ordinal);
        Assert.Equal("2", dead.MessageAttributes["receives"].StringValue);
        await reader.FinishAsync();
        await queue.EmptyAsync();
    }

    [Fact]
    public async Task Message_PutAsideButNotToTheQueueOfTheDead_StaysWhereItWas()
    {
        var plan = new FaultPlan().Add(FaultKind.TimeoutWithoutEffect, "SendMessage", times: 5);
        await using var queue = await StreamQueue.CreateAsync(aws, inner => new FaultyHandler(inner, plan));
        await using var other = await StreamQueue.CreateAsync(aws);
        await other.Client.SendMessageAsync(await queue.UrlAsync(), "not ours", TestContext.Current.CancellationToken);
        await queue.PublishAsync(1);
        var reader = await queue.ReadAsync();
        Assert.Equal([1], Reader.Events<int>(await reader.TakeAsync(1)));
        Assert.Equal(2, await queue.CountAsync());
        // It comes again when its time is up.
        await Eventually.TrueAsync(
            async () =>
            {
                await reader.PumpAsync();
                return await queue.CountAsync("dead") == 1;
            },
            "the message is in the queue of the dead");
    }

    [Fact]
    public async Task Message_WhoseConsumerAlwaysFails_ComesAgainAndIsThenPutAside()
    {
        await using var queue = await StreamQueue.CreateAsync(aws, configure: static options => options.MaxReceives = 2);
        await queue.PublishAsync(1);
        var reader = await queue.ReadAsync();
        Assert.Equal([1], Reader.Events<int>(await reader.TakeAsync(1)));
        await reader.FinishAsync(fails: true);
        Assert.Equal(1, await queue.CountAsync());
        Assert.Equal([1], Reader.Events<int>(await reader.TakeAsync(1)));
        await reader.FinishAsync(fails: true);
        var dead = await queue.DeadAsync();
        Assert.Equal("2", dead.MessageAttributes["receives"].StringValue);
        await queue.EmptyAsync();
    }

    [Fact]
    public async Task Messages_WhoseConsumerFailedThoseBefore_ComeLaterThanThose()
    {
        await using var queue = await StreamQueue.CreateAsync(aws, configure: static options => options.MaxReceives = 2);
        for (var number = 0; number < 6; number++) await queue.PublishAsync(number);
        var reader = await queue.ReadAsync();
        await reader.TakeAsync(6);
        await reader.FinishAsync(fails: true);
        Assert.Equal(6, await queue.CountAsync());

        // The three that were tried come again while the others are hidden, and then are with the dead.
        await reader.TakeAsync(3);
        Assert.Equal(6, await queue.CountAsync());
        await reader.FinishAsync(fails: true);
        await Eventually.TrueAsync(
            async () =>
            {
                await reader.PumpAsync();
                await reader.FinishAsync(fails: true);
                return await queue.CountAsync("dead") == 6;
            },
            "the others have come again, too");
        await queue.EmptyAsync();
    }

    // The body of a message as the provider writes it.
    private static async Task<JsonObject> BodyAsync(StreamQueue queue, object? item = null)
    {
        await queue.PublishAsync(item ?? 0);
        var url = await queue.UrlAsync();
        var received = await queue.Client.ReceiveMessageAsync(new ReceiveMessageRequest(url) { WaitTimeSeconds = 20 }, TestContext.Current.CancellationToken);
        var message = Assert.Single(received.Messages);
        await queue.Client.DeleteMessageAsync(url, message.ReceiptHandle, TestContext.Current.CancellationToken);
        return JsonNode.Parse(message.Body)!.AsObject();
    }

    private static string Spoil(string fault, JsonObject body)
    {
        switch (fault)
        {
            case "not ours":
                return "<order>1</order>";
            case "version":
                body["v"] = 2;
                break;
            case "encoding":
                body["enc"] = "brotli";
                break;
            case "type":
                // As a later release writes it: another name of a type, and the hash that belongs to it.
                var content = Encoding.Latin1.GetString(Convert.FromBase64String(body["data"]!.GetValue<string>()));
                Assert.Contains("test.order", content, StringComparison.Ordinal);
                var later = Encoding.Latin1.GetBytes(content.Replace("test.order", "test.ordex", StringComparison.Ordinal));
                (body["data"], body["sha"]) = (Convert.ToBase64String(later), Convert.ToBase64String(SHA256.HashData(later)));
                break;
            case "tenant":
                body["tenant"] = "bolt";
                break;
            case "altered":
                var data = body["data"]!.GetValue<string>();
                body["data"] = $"{(data[0] == 'A' ? 'B' : 'A')}{data[1..]}";
                break;
            case "no data":
                body.Remove("data");
                break;
            case "foreign object":
                body["object"] = $"T/bolt/stream/{body["id"]!.GetValue<string>().Replace("-", "", StringComparison.Ordinal)}";
                break;
            default:
                body.Remove("data");
                body["object"] = $"T/acme/stream/{body["id"]!.GetValue<string>().Replace("-", "", StringComparison.Ordinal)}";
                break;
        }

        return body.ToJsonString();
    }
}
