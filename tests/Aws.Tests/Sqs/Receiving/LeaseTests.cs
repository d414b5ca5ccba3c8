using System.Diagnostics;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.Sqs.Receiving;

/// <summary>How long a message stays with its reader, on fauxqs. A message is hidden for 3 s.</summary>
public sealed class LeaseTests(AwsStandIn aws)
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Message_HeldBeyondItsTime_IsNotSeenByOthers()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        await queue.PublishAsync(1);
        var holder = await queue.ReadAsync();
        await holder.TakeAsync(1);

        var other = await queue.ReadAsync();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < 3 * Visibility;) Assert.Empty(await other.PumpAsync());
        await holder.FinishAsync();
        await queue.EmptyAsync();
    }

    [Fact]
    public async Task Message_OfAReaderThatDied_ComesAgainWhenItsTimeIsUp()
    {
        CutLine? line = null;
        await using var dying = await StreamQueue.CreateAsync(aws, inner => line = new CutLine(inner));
        await dying.PublishAsync(1);
        await (await dying.ReadAsync()).TakeAsync(1);
        await using var heir = await StreamQueue.CreateAsync(aws, configure: options => options.QueueNamePrefix = dying.Options.QueueNamePrefix);
        await line!.CutAsync();
        Assert.Equal([1], Reader.Events<int>(await (await heir.ReadAsync()).TakeAsync(1)));
    }

    [Fact]
    public async Task Shutdown_HandsBackAtOnceWhatIsNotFinished_AndDeletesWhatIs()
    {
        await using var queue = await StreamQueue.CreateAsync(aws, configure: static options => options.VisibilityTimeout = TimeSpan.FromHours(1));
        await queue.PublishAsync(1);
        await queue.PublishAsync(2);
        var leaving = await queue.ReadAsync();
        var taken = Reader.Events<int>(await leaving.TakeAsync(2)).ToList();
        // Its consumer is through with the first and busy with the second.
        leaving.Step();
        leaving.Step();
        await leaving.EndAsync();

        var next = await queue.ReadAsync();
        Assert.Equal([taken[1]], Reader.Events<int>(await next.TakeAsync(1)));
        await next.FinishAsync();
        await queue.EmptyAsync();
    }

    [Fact]
    public async Task Shutdown_DuringALongPoll_DoesNotWaitForIt()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        var reader = await queue.ReadAsync();
        Assert.Empty(await reader.PumpAsync());
        var watch = Stopwatch.StartNew();
        await reader.EndAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Message_WhoseDeleteFailed_ComesAgainAndIsNotDeliveredAgain()
    {
        SqsFaults? line = null;
        await using var queue = await StreamQueue.CreateAsync(aws, inner => line = new SqsFaults(inner, 0, 0));
        await queue.PublishAsync(1);
        var reader = await queue.ReadAsync();
        await reader.TakeAsync(1);
        line!.Next["DeleteMessageBatch"] = 4;
        await reader.FinishAsync();
        Assert.Equal(1, await queue.CountAsync());

        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Empty(await reader.PumpAsync());
                return await queue.CountAsync() == 0;
            },
            "the message is deleted when it comes again");
    }

    [Fact]
    public async Task Receivers_OfLaterTimes_HaveGreaterTokens()
    {
        await using var queue = await StreamQueue.CreateAsync(aws);
        await queue.PublishAsync(1);
        var first = await queue.ReadAsync();
        var before = Assert.Single(await first.TakeAsync(1));
        await first.EndAsync();
        var after = Assert.Single(await (await queue.ReadAsync()).TakeAsync(1));
        Assert.True(after.SequenceToken.CompareTo(before.SequenceToken) > 0);
    }
}
