using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Aws.Sqs.Messages;
using AgentRuntime.Aws.Sqs.Queues;
using AgentRuntime.Aws.Sqs.Receiving;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Sqs.Queues;

/// <summary>Against answers that are made up.</summary>
public sealed class QueueRequestsTests
{
    private const int Together = 16;

    // Far more than any request here may take: who waits as long waits for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HideAsync_ManyMessages_SendsSixteenBatchesAtOnceAndTheFirstFirst()
    {
        var (first, all) = (new List<string>(), new TaskCompletionSource());
        await using var services = Services(async receipts =>
        {
            lock (first)
            {
                if (first.Count < Together) first.Add(receipts[0]);
                if (first.Count == Together) all.TrySetResult();
            }

            await all.Task;
        });

        var refused = await Queue(services).HideAsync(Leases(400), TimeSpan.FromSeconds(30), Stop).WaitAsync(Patience, Stop);

        Assert.Empty(refused);
        Assert.Equal(Enumerable.Range(0, Together).Select(batch => $"{batch * 10}"), first.OrderBy(int.Parse));
    }

    [Fact]
    public async Task HideAsync_OneBatchHangs_TheOthersAreHiddenAndItIsReturnedWhenTimeIsUp()
    {
        using var deadline = new CancellationTokenSource();
        var left = 8;
        await using var services = Services(async receipts =>
        {
            if (receipts.Contains("30")) await Task.Delay(Timeout.Infinite, Stop);
            if (Interlocked.Decrement(ref left) == 0) await deadline.CancelAsync();
        });

        var refused = await Queue(services).HideAsync(Leases(90), TimeSpan.FromSeconds(30), deadline.Token).WaitAsync(Patience, Stop);

        Assert.All(Enumerable.Range(30, 10), number => Assert.Contains(refused, lease => lease.Receipt == $"{number}"));
        Assert.Equal(0, left);
    }

    private static List<Lease> Leases(int count) => [.. Enumerable.Range(0, count).Select(number => new Lease(
        new Message { MessageId = $"{number}", ReceiptHandle = $"{number}", Body = "" },
        new SqsEnvelope { Version = 1, Id = Guid.NewGuid(), Tenant = "acme", Key = "acme/1", EventType = "int", Count = 1, Encoding = "raw", Sha = [] },
        DateTimeOffset.UnixEpoch))];

    private static QueueRequests Queue(ServiceProvider services) => new(services.GetRequiredService<IAmazonSQS>(), "http://127.0.0.1:1/queue", TimeProvider.System);

    private static ServiceProvider Services(Func<List<string>, Task> answering) => new ServiceCollection().AddAws(options =>
    {
        options.SqsEndpoint = new Uri("http://127.0.0.1:1");
        options.Credentials = new BasicAWSCredentials("test", "test");
        options.WrapHandler = _ => new Answers(answering);
    }).BuildServiceProvider();

    private sealed class Answers(Func<List<string>, Task> answering) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var entries = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!["Entries"]!.AsArray();
            await answering([.. entries.Select(static entry => entry!["ReceiptHandle"]!.GetValue<string>())]).WaitAsync(cancellationToken);
            var done = new JsonArray([.. entries.Select(static entry => new JsonObject { ["Id"] = entry!["Id"]!.GetValue<string>() })]);
            return new HttpResponseMessage
            {
                Content = new StringContent(new JsonObject { ["Successful"] = done, ["Failed"] = new JsonArray() }.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0"),
            };
        }
    }
}
