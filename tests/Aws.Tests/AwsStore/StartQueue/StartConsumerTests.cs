using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>What becomes of a message by what the front door answers. On fauxqs.</summary>
public sealed class StartConsumerTests(AwsStandIn aws)
{
    private const string RetryInfo = """{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}""";

    [Fact]
    public async Task Message_Accepted_IsTheCallItStandsForAndIsDeleted()
    {
        await using var door = await DoubleDoor.StartAsync(aws);
        await door.SendAsync("r1");
        await EmptyAsync(door);
        Assert.Equal(("/v1/tenants/acme/runs", "Bearer t", StartQueueBench.Body("r1")), Assert.Single(door.Calls));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(413)]
    public async Task Message_RefusedForGood_IsSetAsideWithTheReason(int status)
    {
        await using var door = await DoubleDoor.StartAsync(aws, answers: Answer(status, ""));
        var id = (await door.SendAsync("r1")).MessageId;
        await EmptyAsync(door);
        var dead = Assert.Single(await door.WaitingAsync(door.Place.DeadUrl));
        Assert.Equal("Made up.", dead.MessageAttributes["reason"].StringValue);
        Assert.Equal(id, dead.MessageAttributes["message-id"].StringValue);
        Assert.Equal(StartQueueBench.Body("r1"), dead.Body);
        Assert.Single(door.Calls);
    }

    [Theory]
    [InlineData(400, RetryInfo)]
    [InlineData(401, RetryInfo)]
    [InlineData(408, "")]
    [InlineData(429, RetryInfo)]
    [InlineData(500, "")]
    [InlineData(503, RetryInfo)]
    [InlineData(504, RetryInfo)]
    public async Task Message_RefusedForNow_ComesAgain(int status, string details)
    {
        await using var door = await DoubleDoor.StartAsync(aws, answers: Answer(status, details));
        await door.SendAsync("r1");
        await EmptyAsync(door);
        Assert.Equal(2, door.Calls.Count);
        Assert.Empty(await door.WaitingAsync(door.Place.DeadUrl));
    }

    [Fact]
    public async Task Message_OneIsPoison_LeavesTheOthersAlone()
    {
        await using var door = await DoubleDoor.StartAsync(aws, answers: http => { http.Abort(); return Task.FromResult(Results.Empty); });
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => door.SendAsync($"r{n}")));
        await EmptyAsync(door);
        Assert.Equal(10, door.Calls.DistinctBy(call => call.Body).Count());
        Assert.Equal(11, door.Calls.Count);
    }

    [Theory]
    [InlineData(429, "")]
    [InlineData(429, RetryInfo)]
    [InlineData(503, RetryInfo)]
    [InlineData(0, "")]
    public async Task Message_OneTenantCannotBeServed_LeavesTheOthersAlone(int status, string details)
    {
        var refuse = Answer(status, details)[0];
        await using var door = await DoubleDoor.StartAsync(aws, new FakeTimeProvider(), answers: Enumerable.Repeat<Func<HttpContext, Task<IResult>>>(
            http =>
            {
                if (!http.Request.Path.StartsWithSegments("/v1/tenants/acme")) return Task.FromResult(Results.Json(new { name = "tenants/other/runs/r1" }));
                if (status == 0) http.Abort();
                return status == 0 ? Task.FromResult(Results.Empty) : refuse(http);
            },
            100).ToArray());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => door.SendAsync($"r{n}")));
        await Eventually.TrueAsync(() => Task.FromResult(!door.Calls.IsEmpty), "a call came");

        // The first may come by a request for messages that is under way already; the clock stands still, so that no pause ends.
        for (var n = 0; n < 3; n++)
        {
            await door.SendAsync($"o{n}", "other");
            await Eventually.TrueAsync(() => Task.FromResult(door.Calls.Count(call => call.Path == "/v1/tenants/other/runs") == n + 1), $"call {n} of the other tenant came");
        }
    }

    [Fact]
    public async Task Message_SiloHasTooMuchToDo_LeavesTheQueueAloneForAWhile()
    {
        var time = new FakeTimeProvider();
        var seen = new Requests();
        await using var door = await DoubleDoor.StartAsync(aws, time, seen.Wrap, async http =>
        {
            await Eventually.TrueAsync(() => Task.FromResult(seen.Reads >= 2), "the next messages are asked for");
            http.Response.Headers.RetryAfter = "1";
            return Results.Text("{}", "application/json", statusCode: 429);
        });
        await door.SendAsync("r1");
        await Eventually.TrueAsync(() => Task.FromResult(!seen.Hidden.IsEmpty), "the message is left for later");
        await door.SendAsync("r2");
        await Eventually.TrueAsync(() => Task.FromResult(door.Calls.Count == 2), "the request that was under way brings the next message");
        await door.SendAsync("r3");

        Assert.Contains(await door.WaitingAsync(door.Place.Url), message => message.Body == StartQueueBench.Body("r3"));
        await door.SendAsync("r4");
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Task.FromResult(door.Calls.Any(call => call.Body == StartQueueBench.Body("r4"))), "the queue is read again");
    }

    [Fact]
    public async Task Message_AtWorkForLong_IsKeptFromOthers()
    {
        var time = new FakeTimeProvider();
        var seen = new Requests();
        var held = new TaskCompletionSource<IResult>();
        await using var door = await DoubleDoor.StartAsync(aws, time, seen.Wrap, _ => held.Task);
        await door.SendAsync("r1");
        await Eventually.TrueAsync(() => Task.FromResult(!door.Calls.IsEmpty), "the call came");
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(StartQueuePlace.Visibility / 3);
                return Task.FromResult(seen.Hidden.Count >= 2);
            },
            "the message was kept twice");
        Assert.All(seen.Hidden, seconds => Assert.Equal(30, seconds));
        held.SetResult(Results.Ok());
        await EmptyAsync(door);
        Assert.Single(door.Calls);
    }

    [Fact]
    public async Task Message_AtWorkWhenTheSiloStops_IsHandedBack()
    {
        var seen = new Requests();
        await using var door = await DoubleDoor.StartAsync(aws, time: null, seen.Wrap, async http =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
            return Results.Ok();
        });
        await door.SendAsync("r1");
        await Eventually.TrueAsync(() => Task.FromResult(!door.Calls.IsEmpty), "the call came");
        await door.StopAsync();

        // Not received here: a poll that the stand-in has not seen end may take it.
        Assert.Equal([0], seen.Hidden);
    }

    [Fact]
    public async Task Queue_GivesUpElsewhere_IsRefusedAtStart()
    {
        await using var door = await DoubleDoor.StartAsync(aws);
        await door.Client.SetQueueAttributesAsync(door.Place.Url, new() { ["RedrivePolicy"] = "" }, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<Common.AgentRuntimeException>(() => StartQueuePlace.FindAsync(door.Client, door.Place.Name, TestContext.Current.CancellationToken));
        Assert.Contains("redrive policy", refused.Message, StringComparison.Ordinal);
    }

    private static Func<HttpContext, Task<IResult>>[] Answer(int status, string details) =>
        [_ => Task.FromResult(Results.Text($$"""{"code": 1, "message": "Made up.", "details": [{{details}}]}""", "application/json", statusCode: status))];

    private static Task EmptyAsync(DoubleDoor door) => Eventually.TrueAsync(
        async () =>
        {
            var left = await door.Client.GetQueueAttributesAsync(door.Place.Url, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]);
            return left.ApproximateNumberOfMessages + left.ApproximateNumberOfMessagesNotVisible == 0;
        },
        "the queue is empty");

    /// <summary>What SQS is asked.</summary>
    private sealed class Requests
    {
        private int _reads;

        /// <summary>For how long messages are to be hidden.</summary>
        public ConcurrentQueue<int> Hidden { get; } = [];

        /// <summary>How often messages were asked for.</summary>
        public int Reads => Volatile.Read(ref _reads);

        public HttpMessageHandler Wrap(HttpMessageHandler inner) => new Ear(inner, this);

        private sealed class Ear(HttpMessageHandler inner, Requests seen) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var target = request.Headers.GetValues("X-Amz-Target").Single();
                if (target.EndsWith(".ReceiveMessage", StringComparison.Ordinal)) Interlocked.Increment(ref seen._reads);
                if (target.EndsWith(".ChangeMessageVisibility", StringComparison.Ordinal))
                    seen.Hidden.Enqueue((int)JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!["VisibilityTimeout"]!);
                return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
