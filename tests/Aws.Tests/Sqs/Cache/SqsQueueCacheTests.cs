using AgentRuntime.Aws.Sqs;
using AgentRuntime.Aws.Sqs.Cache;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Aws.Sqs.Receiving;
using Amazon.SQS.Model;
using Microsoft.Extensions.Time.Testing;
using Orleans.Streams;

namespace AgentRuntime.Aws.Tests.Sqs.Cache;

public sealed class SqsQueueCacheTests
{
    private static readonly StreamId First = StreamId.Create("orders", "acme/1");
    private static readonly StreamId Second = StreamId.Create("orders", "acme/2");

    private readonly FakeTimeProvider _time = new();
    private readonly SqsQueueCache _cache;
    private long _sequence;

    public SqsQueueCacheTests() => _cache = new SqsQueueCache(new SqsStreamOptions { CachedMessages = 10, CachedBytes = 1000 }, _time);

    [Fact]
    public void Purge_OneConsumerIsSlow_KeepsWhatItHasNotPassedAndNothingElse()
    {
        var mine = Add(First);
        var theirs = Add(Second);
        var (fast, slow, other) = (Open(First, mine), Open(First, mine), Open(Second, theirs));
        PassAll(fast);
        PassAll(other);
        Assert.True(slow.MoveNext());
        Assert.Equal([theirs], Purge());
        PassAll(slow);
        Assert.Equal([mine], Purge());
        Assert.Empty(Purge());
    }

    [Fact]
    public void Cursor_ReadsItsStreamInOrder_AndWhatComesLater()
    {
        var early = Add(First);
        Add(Second);
        var late = Add(First);
        var cursor = Open(First, early);
        Assert.Equal([early, late], Read(cursor));
        var latest = Add(First);
        cursor.Refresh(latest.SequenceToken);
        Assert.Equal([latest], Read(cursor));
    }

    [Fact]
    public void Cursor_WithoutToken_BeginsWithWhatNobodyWasGiven()
    {
        var first = Add(First);
        PassAll(Open(First, first));
        var second = Add(First);
        Assert.Equal([second], Read((SqsCacheCursor)_cache.GetCacheCursor(First, null)));
    }

    [Fact]
    public void Pin_ThatNeverReads_HoldsBackAndThenLetsGo()
    {
        var message = Add(First);
        var pin = Open(First, message);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Purge());
        pin.Dispose();
        Assert.Equal([message], Purge());
        Assert.False(message.Lease.IsAbandoned);
    }

    [Fact]
    public void LastConsumer_LeavesAmidItsWork_WhatIsLeftIsNotTakenForDelivered()
    {
        var (done, left) = (Add(First), Add(First));
        var cursor = Open(First, done);
        cursor.MoveNext();
        cursor.MoveNext();
        cursor.Dispose();
        Assert.Equal([done, left], Purge());
        Assert.False(done.Lease.IsAbandoned);
        Assert.True(left.Lease.IsAbandoned);
    }

    [Fact]
    public void Message_WithoutConsumer_WaitsAWhileForOne()
    {
        var message = Add(First);
        Assert.Empty(Purge());
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([message], Purge());
    }

    [Fact]
    public void Pressure_ByCountAndByBytes_EndsWhenMessagesAreLetGo()
    {
        var first = Add(First, bytes: 999);
        Assert.False(_cache.IsUnderPressure());
        Add(First);
        Assert.True(_cache.IsUnderPressure());
        PassAll(Open(First, first));
        Purge();
        Assert.False(_cache.IsUnderPressure());

        var next = Add(Second, 10);
        Assert.True(_cache.IsUnderPressure());
        PassAll(Open(Second, next));
        Purge();
        Assert.False(_cache.IsUnderPressure());
        // The agent asks for what can be let go only where it may add.
        Assert.True(_cache.GetMaxAddCount() > 0);
    }

    [Fact]
    public void Failure_IsOfTheMessageThatIsBeingDelivered()
    {
        var (good, bad) = (Add(First), Add(First));
        var cursor = Open(First, good);
        cursor.MoveNext();
        cursor.MoveNext();
        cursor.RecordDeliveryFailure();
        Assert.Equal([false, true], new[] { good, bad }.Select(static message => message.Lease.IsFailed));
    }

    [Fact]
    public void Consumer_FailsAgainAndAgain_PassesMessagesByUntilItIsTriedOnceMore()
    {
        var first = Add(First, count: 5);
        var (bad, good) = (Open(First, first), Open(First, first));
        for (var failed = 0; failed < ConsumerCircuit.MaxInARow; failed++) FailNext(bad);
        Assert.False(bad.MoveNext());
        Assert.Equal(5, Read(good).Count);
        var gone = Purge().Cast<SqsBatchContainer>().ToList();
        Assert.Equal([false, false, false, true, true], gone.Select(static message => message.Lease.IsPassedBy));
        Assert.Equal([true, true, true, false, false], gone.Select(static message => message.Lease.IsFailed));

        // Again one fails, and the next is not tried.
        _time.Advance(ConsumerCircuit.Rest);
        Add(First, count: 2);
        FailNext(bad);
        Assert.False(bad.MoveNext());

        // One succeeds, and all is as it was.
        _time.Advance(ConsumerCircuit.Rest);
        Add(First, count: 4);
        Assert.True(bad.MoveNext());
        FailNext(bad);
        FailNext(bad);
        Assert.True(bad.MoveNext());
    }

    private static void FailNext(SqsCacheCursor cursor)
    {
        Assert.True(cursor.MoveNext());
        cursor.RecordDeliveryFailure();
    }

    private SqsBatchContainer Add(StreamId stream, int count = 1, int bytes = 1)
    {
        SqsBatchContainer? first = null;
        for (var index = 0; index < count; index++)
        {
            var envelope = new SqsEnvelope { Version = 1, Id = Guid.NewGuid(), Tenant = "acme", Key = "acme/1", EventType = "int", Count = 1, Encoding = "raw", Sha = [] };
            var lease = new Lease(new Message { MessageId = "m", Body = "", ReceiptHandle = "r" }, envelope, _time.GetUtcNow()) { Bytes = bytes };
            var message = new SqsBatchContainer(stream, ++_sequence, new SqsEvents { Events = [1] }, lease);
            _cache.AddToCache([message]);
            first ??= message;
        }

        return first!;
    }

    private SqsCacheCursor Open(StreamId stream, SqsBatchContainer from) => (SqsCacheCursor)_cache.GetCacheCursor(stream, from.SequenceToken);

    private IList<IBatchContainer> Purge() => _cache.TryPurgeFromCache(out var finished) ? finished : [];

    private static List<IBatchContainer> Read(SqsCacheCursor cursor)
    {
        List<IBatchContainer> read = [];
        while (cursor.MoveNext()) read.Add(cursor.GetCurrent(out _)!);
        return read;
    }

    private static void PassAll(SqsCacheCursor cursor) => Read(cursor);
}
