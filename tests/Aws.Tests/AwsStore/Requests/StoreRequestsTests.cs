using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.AwsStore.Requests;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Requests;

/// <summary>Against answers that are made up: batches that come back unfinished.</summary>
public sealed class StoreRequestsTests
{
    private const string Table = "t";

    private readonly PausesOfTest _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_BatchComesBackInParts_IsReadWholeWithGrowingPauses()
    {
        await using var services = Services(perRound: 3);

        var found = await Requests(services).GetAsync(Table, Keys(8), Stop);

        Assert.Equal(Enumerable.Range(0, 8).Select(number => $"{number}"), found.Select(item => item["pk"].S));
        Assert.Equal(2, _time.Taken.Count);
        Assert.InRange(_time.Taken[0].TotalMilliseconds, 25, 50);
        Assert.InRange(_time.Taken[1].TotalMilliseconds, 50, 100);
    }

    [Fact]
    public async Task GetAsync_NothingOfABatchIsEverDone_EndsThrottled()
    {
        await using var services = Services(perRound: 0);

        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => Requests(services).GetAsync(Table, Keys(2), Stop));

        Assert.Equal(7, _time.Taken.Count);
        Assert.InRange(_time.Taken[^1].TotalMilliseconds, 1_600, 3_200);
    }

    private static List<Dictionary<string, AttributeValue>> Keys(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new Dictionary<string, AttributeValue> { ["pk"] = new($"{number}") })];

    private StoreRequests Requests(ServiceProvider services) => new(
        services.GetRequiredService<IAmazonDynamoDB>(), new StoreInstruments(services.GetRequiredService<IMeterFactory>()), _time);

    private static ServiceProvider Services(int perRound) => new ServiceCollection().AddAws(options =>
    {
        options.DynamoDbEndpoint = new Uri("http://127.0.0.1:1");
        options.Credentials = new BasicAWSCredentials("test", "test");
        options.WrapHandler = _ => new Parts(perRound);
    }).BuildServiceProvider();

    /// <summary>Gives the items of a batch that were asked for first, and hands the other keys back.</summary>
    private sealed class Parts(int perRound) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!["RequestItems"]!;
            var keys = asked[Table]!["Keys"]!.AsArray();
            var given = new JsonArray([.. keys.Take(perRound).Select(static key => key!.DeepClone())]);
            var left = new JsonArray([.. keys.Skip(perRound).Select(static key => key!.DeepClone())]);
            var answer = new JsonObject
            {
                ["Responses"] = new JsonObject { [Table] = given },
                ["UnprocessedKeys"] = left.Count == 0 ? new JsonObject() : new JsonObject { [Table] = new JsonObject { ["Keys"] = left } },
            };
            return new HttpResponseMessage { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0") };
        }
    }
}
