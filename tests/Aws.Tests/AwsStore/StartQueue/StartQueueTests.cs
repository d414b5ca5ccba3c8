using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Common;
using AgentRuntime.Testing.Aws;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>Runs that are started from a queue by a real silo. On fauxqs, DynamoDB Local and moto.</summary>
public sealed class StartQueueTests(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    private readonly StartQueueBench _bench = new(aws, s3);

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Messages_GoodAndBadTogether_StartTheirRunsOrAreSetAsideWithTheReason()
    {
        var missing = await _bench.RunAsync("--data", "unused", "--grpc-port", "0", "--http-port", "0", "--silo-port", "0");
        Assert.Contains("create-tables", missing.Errors, StringComparison.Ordinal);
        var silo = await _bench.StartAsync();
        var good = _bench.Token();
        var expired = _bench.Claims("acme", Roles.Agent);
        (expired["iat"], expired["exp"]) = (expired["iat"]!.GetValue<long>() - 7200, expired["iat"]!.GetValue<long>() - 3600);
        await _bench.SendAsync(StartQueueBench.Body("first"), good);
        await _bench.EmptyAsync();

        Dictionary<string, string> reasons = new()
        {
            [await _bench.SendAsync(StartQueueBench.Body("r1"), token: null)] = "credential: missing",
            [await _bench.SendAsync(StartQueueBench.Body("r2"), _bench.ForeignToken())] = "credential: is of an issuer that this cluster does not know",
            [await _bench.SendAsync(StartQueueBench.Body("r3"), _bench.Sign(expired))] = "credential: has expired",
            [await _bench.SendAsync(StartQueueBench.Body("r4", parent: "tenants/other"), good)] = "parent",
            [await _bench.SendAsync(StartQueueBench.Body("r5", agent: "tenants/other/agents/helper"), good)] = "agent",
            [await _bench.SendAsync(StartQueueBench.Body("r6", input: new string('x', StartMessage.MaxBodyBytes)), good)] = "send at most 245760",
            [await _bench.SendAsync("Go.", good)] = "is no JSON",
            [await _bench.SendAsync("""{"parent": "\ud800"}""", good)] = "surrogate",
            [await _bench.SendAsync("""{"parent": "tenants/acme", "\ud800": "x"}""", good)] = "surrogate",
            [await _bench.SendAsync("""{"parent": "tenants/acme", "agent": "tenants/acme/agents/helper", "input": "\ud800", "requestId": "r10"}""", good)] = "",
            [await _bench.SendAsync("""{"parent": "tenants/acme", "agent": "tenants/acme/agents/helper", "input": "Go."}""", good)] = "request_id",
            [await _bench.SendAsync("""{"parent": "tenants/acme", "agent": "tenants/acme/agents/helper", "input": "Go.", "requestId": "r7", "priority": 1}""", good)] = "priority",
            [await _bench.SendAsync(StartQueueBench.Body("r8"), _bench.Token(Roles.Auditor))] = "needs one of the roles",
            [await _bench.SendAsync(StartQueueBench.Body("r9", agent: "tenants/acme/agents/nobody"), good)] = "nobody",
            [await _bench.SendAsync(StartQueueBench.Body("first", input: "Something else."), good)] = "first",
        };
        await _bench.SendAsync(StartQueueBench.Body("second"), good);

        var dead = await _bench.DeadAsync(reasons.Count);
        Assert.Equal(reasons.Keys.Order(), dead.Keys.Order());
        foreach (var (id, reason) in reasons) Assert.Contains(reason, ReasonOf(dead[id]), StringComparison.Ordinal);
        Assert.All(dead.Values, letter => Assert.Equal(_bench.Queue, letter.MessageAttributes["queue"].StringValue));
        Assert.All(dead.Values, letter => Assert.DoesNotContain("authorization", letter.MessageAttributes.Keys));
        await _bench.EmptyAsync();
        Assert.Equal(2, await _bench.RunsAsync(silo));
        Assert.Contains("was put aside", silo.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Split('.')[2], silo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_SentTwiceToTwoSilos_StartOneRunEach()
    {
        var silo = await _bench.StartAsync();
        await _bench.StartSiloAsync();
        const int Different = 20;
        await Task.WhenAll(Enumerable.Range(0, 2 * Different).Select(index => _bench.SendAsync(StartQueueBench.Body($"r{index % Different}"), _bench.Token())));
        await _bench.EmptyAsync();
        Assert.Equal(Different, await _bench.RunsAsync(silo));

        // Long after it has started.
        await _bench.SendAsync(StartQueueBench.Body("r0"), _bench.Token());
        await _bench.EmptyAsync();
        Assert.Equal(Different, await _bench.RunsAsync(silo));
        Assert.Empty((await _bench.Client.ReceiveMessageAsync(new ReceiveMessageRequest(_bench.DeadUrl), TestContext.Current.CancellationToken)).Messages ?? []);
        silo.Terminate();
        Assert.Equal(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Message_SiloKilledBeforeItIsDeleted_IsOneRun()
    {
        await using var hold = await HeldDeletes.StartAsync(await aws.SqsAsync());
        var killed = await _bench.StartAsync(hold.Endpoint);
        await _bench.SendAsync(StartQueueBench.Body("once"), _bench.Token());
        await hold.Held.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await killed.KillAsync();
        Assert.Equal(1, await _bench.LeftAsync());

        var silo = await _bench.StartSiloAsync();
        await _bench.EmptyAsync();
        Assert.Equal(1, await _bench.RunsAsync(silo));
    }

    private static string ReasonOf(Message letter) => letter.MessageAttributes["reason"].StringValue;
}
