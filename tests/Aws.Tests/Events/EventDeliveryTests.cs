using AgentRuntime.Audit;
using AgentRuntime.Benchmarks;
using AgentRuntime.Events;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace AgentRuntime.Aws.Tests.Events;

/// <summary>From the journal to audit index and counts, on DynamoDB Local, fauxqs and moto: whatever is lost, repeated or forged on the way, their figures equal the journal's.</summary>
public sealed class EventDeliveryTests(AwsStandIn aws, S3StandIn s3)
{
    private const int Runs = 24;

    [Fact]
    public async Task Runs_MessagesRepeatedReorderedAndDamaged_AreIndexedAndCountedOnce()
    {
        SqsFaults? faults = null;
        await using var silo = await EventSilo.StartAsync(
            aws, s3, services => services.AddAws(options => options.WrapHandler = sockets => faults = new SqsFaults(sockets, seed: 1, share: 0.3)));
        await silo.MixAsync(Runs);
        var figures = await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant);
        Assert.Equal(Runs, figures.Runs);
        Assert.Equal(Runs, figures.Count(EventTypes.RunStarted));
        Assert.True(figures.Count(EventTypes.RunCancelled) > 0, "none was cancelled");

        // Late and in another order: all of it once more, until some have come together and were exchanged.
        var missing = silo.Services.GetRequiredService<MissingRecords>();
        await Eventually.TrueAsync(
            async () =>
            {
                await Task.WhenAll(figures.Ids.Reverse().Select(RepeatAsync));
                return faults!.Injected.GetValueOrDefault(SqsFaults.Reorder) > 0;
            },
            "messages came in another order");
        await silo.CompleteRunAsync("1");
        Assert.Equal(Runs + 1, (await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant)).Runs);
        Assert.True(faults!.Injected.GetValueOrDefault(SqsFaults.Duplicate) > 0, "none came twice");

        async Task RepeatAsync(string run)
        {
            try
            {
                var mark = new RunMark(new Runs.RunKey(BenchSilo.Tenant, AgentRuntime.Runs.RunId.Parse(run)), long.MaxValue);
                await missing.PublishAsync(BenchSilo.Tenant, [(mark, 0)], TestContext.Current.CancellationToken);
            }
            catch (AmazonSQSException)
            {
                // It was the part that was not done each of the four times.
            }
        }
    }

    [Fact]
    public async Task Publisher_ThatForgets_IsMendedFromTheJournal()
    {
        await using var silo = await EventSilo.StartAsync(aws, s3, ForgetfulPublisher.Plant);
        await silo.MixAsync(Runs);
        var figures = await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant);
        Assert.Equal(Runs, figures.Runs);
        Assert.True(silo.Services.GetRequiredService<ForgetfulPublisher>().Forgotten > 0);
    }

    [Fact]
    public async Task Messages_ThatNobodyCanBelieve_GoToTheDeadAndHoldUpNothing()
    {
        await using var silo = await EventSilo.StartAsync(aws, s3);
        var stream = silo.Services.GetRequiredKeyedService<IStreamProvider>(EventStreams.Provider)
            .GetStream<EventBatch>(StreamId.Create(EventStreams.Namespace, EventStreams.KeyOf(BenchSilo.Tenant)));
        var forged = new EventBatch(BenchSilo.Neighbour, new[] { new RunEvents("run", "agent", new[] { Event(0, 1) }) });
        await stream.OnNextAsync(forged);
        var sqs = silo.Services.GetRequiredService<IAmazonSQS>();
        var prefix = silo.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<Aws.Sqs.SqsStreamOptions>>().Get(EventStreams.Provider).QueueNamePrefix;
        await sqs.SendMessageAsync((await sqs.GetQueueUrlAsync($"{prefix}-0", TestContext.Current.CancellationToken)).QueueUrl, "no envelope", TestContext.Current.CancellationToken);

        await silo.MixAsync(8);
        Assert.Equal(8, (await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant)).Runs);
        var dead = (await sqs.GetQueueUrlAsync($"{prefix}-dead", TestContext.Current.CancellationToken)).QueueUrl;
        await Eventually.TrueAsync(
            async () => (await sqs.GetQueueAttributesAsync(dead, ["ApproximateNumberOfMessages"])).ApproximateNumberOfMessages == 2, "both messages are with the dead");
        Assert.Null(await silo.Grains.GetGrain<IAuditGrain>(AuditGrainKey.For(BenchSilo.Neighbour)).ReadAsync("run", 0));
    }

    [Fact]
    public async Task Record_WithAnotherHash_IsReportedAndChangesNothing()
    {
        await using var silo = await EventSilo.StartAsync(aws, s3);
        var run = (await silo.CompleteRunAsync("1")).Run.Value;
        var audit = silo.Grains.GetGrain<IAuditGrain>(AuditGrainKey.For(BenchSilo.Tenant));
        await JournalFigures.RequireSameAsync(silo.Services, BenchSilo.Tenant);
        var before = (await audit.ReadAsync(run, 0))!;

        await silo.Services.GetRequiredService<EventSender>().SendAsync(new EventBatch(BenchSilo.Tenant, new[] { new RunEvents(run, "bench", new[] { Event(1, 7) }) }));
        await Eventually.TrueAsync(async () => (await audit.ReadAsync(run, 0))!.Conflicts == 1, "the conflict is seen");
        Assert.Equal(before.Hashes, (await audit.ReadAsync(run, 0))!.Hashes);
    }

    private static RunEvent Event(long seq, byte fill) => new(seq, EventTypes.RunStarted, TimeProvider.System.GetUtcNow(), [.. Enumerable.Repeat(fill, RunEvent.HashBytes)]);
}
