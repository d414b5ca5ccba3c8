using AgentRuntime.Aws.Sqs.Sending;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;

namespace AgentRuntime.Aws.Tests.Sqs.Sending;

/// <summary>On fauxqs.</summary>
public sealed class PublishTests(AwsStandIn aws)
{
    [Fact]
    public async Task Publish_ManyAtOnce_GoTogetherInFewRequests()
    {
        SqsFaults? line = null;
        await using var queue = await StreamQueue.CreateAsync(aws, inner => line = new SqsFaults(inner, 0, 0));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => queue.PublishAsync(number)));
        Assert.Equal(100, await queue.CountAsync());
        Assert.InRange(line!.Asked["SendMessageBatch"], 10, 20);
    }

    [Fact]
    public async Task Publish_EntryRefusedForNow_IsSentAgain()
    {
        SqsFaults? line = null;
        await using var queue = await StreamQueue.CreateAsync(aws, inner => line = new SqsFaults(inner, 0, 0));
        line!.Next["SendMessageBatch"] = 2;
        await queue.PublishAsync(1);
        Assert.Equal(2, line.Injected[SqsFaults.Partial]);
        Assert.Equal(1, await queue.CountAsync());
    }

    [Fact]
    public async Task Publish_EntryRefusedAgainAndAgain_FailsWithWhatSqsSays()
    {
        SqsFaults? line = null;
        await using var queue = await StreamQueue.CreateAsync(aws, inner => line = new SqsFaults(inner, 0, 0));
        line!.Next["SendMessageBatch"] = 100;
        var failure = await Assert.ThrowsAsync<AmazonSQSException>(() => queue.PublishAsync(1));
        Assert.Contains("InternalError", failure.Message, StringComparison.Ordinal);
        line.Next["SendMessageBatch"] = 0;
        await queue.PublishAsync(2);
        Assert.Equal(1, await queue.CountAsync());
    }

    [Fact]
    public async Task DisposeAsync_WhileARequestIsUnderWay_WaitsForIt()
    {
        var answer = new TaskCompletionSource();
        await using var queue = await StreamQueue.CreateAsync(aws, inner => new HeldSend(inner, answer.Task));
        var sender = new SqsSender(queue.Client, await queue.UrlAsync(), TimeProvider.System);
        var sent = sender.SendAsync("1");

        var disposed = sender.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        answer.SetResult();
        await disposed;

        await sent;
        Assert.Equal(1, await queue.CountAsync());
    }

    [Fact]
    public async Task Publish_TooLargeForAMessage_GoesThroughAnObjectThatIsDeletedAfterDelivery()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        var large = new byte[400_000];
        new Random(1).NextBytes(large);
        await queue.PublishAsync(large);
        Assert.StartsWith("T/acme/stream/", Assert.Single(queue.Payloads.Objects).Key, StringComparison.Ordinal);

        var reader = await queue.ReadAsync();
        Assert.Equal(large, Assert.Single(Reader.Events<byte[]>(await reader.TakeAsync(1))));
        Assert.Single(queue.Payloads.Objects);
        await reader.FinishAsync();
        Assert.Empty(queue.Payloads.Objects);
    }

    [Fact]
    public async Task Publish_LargeButRegular_IsCompressedIntoAMessage()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        await queue.PublishAsync(new string('a', 1_000_000));
        Assert.Empty(queue.Payloads.Objects);
        Assert.Equal(1_000_000, Assert.Single(Reader.Events<string>(await (await queue.ReadAsync()).TakeAsync(1))).Length);
    }

    [Fact]
    public async Task Publish_TooLargeWithoutBucketOrAltogether_IsRefusedWithTheFix()
    {
        await using var queue = await StreamQueue.CreateAsync(aws, configure: static options => (options.PayloadStore, options.MaxMessageBytes) = (null, 500_000));
        var large = new byte[400_000];
        new Random(1).NextBytes(large);
        Assert.Contains("name a Bucket", (await Assert.ThrowsAsync<ArgumentException>(() => queue.PublishAsync(large))).Message, StringComparison.Ordinal);
        Assert.Contains("MaxMessageBytes", (await Assert.ThrowsAsync<ArgumentException>(() => queue.PublishAsync(new byte[600_000]))).Message, StringComparison.Ordinal);
        Assert.Equal(0, await queue.CountAsync());
    }

    [Fact]
    public async Task Publish_AnswerLost_IsSentTwiceAndDeliveredOnce()
    {
        var plan = new FaultPlan().Add(FaultKind.TimeoutWithEffect, "SendMessageBatch");
        await using var queue = await StreamQueue.CreateAsync(aws, inner => new FaultyHandler(inner, plan));
        await queue.PublishAsync(1);
        Assert.Equal(2, await queue.CountAsync());
        var reader = await queue.ReadAsync();
        Assert.Equal([1], Reader.Events<int>(await reader.TakeAsync(1)));
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Empty(await reader.PumpAsync());
                return await queue.CountAsync() == 1;
            },
            "the second copy is deleted");
        await reader.FinishAsync();
        await queue.EmptyAsync();
    }

    [Fact]
    public async Task Publish_WithContext_TheConsumerHasIt()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        await queue.Adapter.QueueMessageBatchAsync(StreamQueue.Stream, [1], null, new Dictionary<string, object> { ["trace"] = "t-1" });
        var batch = Assert.Single(await (await queue.ReadAsync()).TakeAsync(1));
        RequestContext.Clear();
        Assert.True(batch.ImportRequestContext());
        Assert.Equal("t-1", RequestContext.Get("trace"));
    }

    /// <summary>Sends messages when it is told to.</summary>
    private sealed class HeldSend(HttpMessageHandler inner, Task go) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.GetValues("X-Amz-Target").Single().EndsWith("SendMessageBatch", StringComparison.Ordinal)) await go.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
