using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>Erasures of records that lie in pieces, while others erase or read there. On DynamoDB Local.</summary>
public sealed class ErasureRaceTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly Interruption _interruption = new();
    private RunStoreOfTest? _others;
    private RunStoreOfTest? _own;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _others = await RunStoreOfTest.CreateAsync(aws);
        _own = await RunStoreOfTest.OpenAsync(aws, _others.Table, _interruption.Wrap);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
        if (_others is not null) await _others.DisposeAsync();
    }

    [Theory]
    [InlineData("PutItem")]
    [InlineData("Query")]
    public async Task EraseAsync_AnotherErasesInTheGroupMeanwhile_BothStayErased(string interrupted)
    {
        var run = await StartAsync();
        _interruption.Before = (interrupted, async () => Assert.True(await _others!.Journal.EraseAsync(run, 2)));

        Assert.True(await _own!.Journal.EraseAsync(run, 1));

        Assert.Null(_interruption.Before);
        var read = await _others!.Journal.ReadAsync(run, 1, 3, int.MaxValue, Stop);
        Assert.Equal([true, true, false], read.Select(static entry => entry.Seal is null));
        // Of the three records one is whole; nothing of the others stays.
        Assert.InRange((await PiecesAsync(run)).Sum(static piece => piece["d"].B.Length), 300_000, 310_000);
    }

    [Fact]
    public async Task ReadAsync_ARecordOfTheGroupIsErasedMeanwhile_ReadsWhatIsThereNow()
    {
        var run = await StartAsync();
        _interruption.Before = ("Query", async () => Assert.True(await _others!.Journal.EraseAsync(run, 1)));

        var read = await _own!.Journal.ReadAsync(run, 1, 3, int.MaxValue, Stop);

        Assert.Equal([true, false, false], read.Select(static entry => entry.Seal is null));
    }

    [Fact]
    public async Task EraseAsync_AnswerOfTheItemLost_IsErasedAndWhole()
    {
        var run = await StartAsync();
        _interruption.LoseItem = true;

        Assert.True(await _own!.Journal.EraseAsync(run, 1));

        Assert.False(_interruption.LoseItem);
        Assert.Equal([true, false, false], (await _others!.Journal.ReadAsync(run, 1, 3, int.MaxValue, Stop)).Select(static entry => entry.Seal is null));
        Assert.InRange((await PiecesAsync(run)).Sum(static piece => piece["d"].B.Length), 400_000, 410_000);
    }

    // Two records in a group, and a third that makes the append too large for one item.
    private async Task<RunKey> StartAsync()
    {
        var run = NewRun();
        await _others!.Journal.AppendAsync(Start(run));
        Assert.IsType<AppendResult.Appended>(await _others.Journal.AppendAsync(new JournalAppend(run, 1, [Entry(1, 100_000), Entry(2, 100_000), Entry(3, 300_000)])));
        return run;
    }

    private async Task<List<Dictionary<string, AttributeValue>>> PiecesAsync(RunKey run) => (await _others!.Services.GetRequiredService<IAmazonDynamoDB>().QueryAsync(
        new QueryRequest
        {
            TableName = _others.Table.Name,
            KeyConditionExpression = $"{DynamoDbTable.PartitionKey} = :p",
            ExpressionAttributeValues = new() { [":p"] = new AttributeValue(JournalKeys.Pieces(run)) },
        },
        Stop)).Items ?? [];

    /// <summary>Lets something happen before the next request for pieces, or loses the answer to the next write of an item that is there.</summary>
    private sealed class Interruption
    {
        public (string Operation, Func<Task> Act)? Before { get; set; }

        public bool LoseItem { get; set; }

        public HttpMessageHandler Wrap(HttpMessageHandler inner) => new Handler(this, inner);

        private sealed class Handler(Interruption plan, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
                var isOfPieces = (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("#P\"", StringComparison.Ordinal);
                if (isOfPieces && plan.Before is { } before && before.Operation == operation)
                {
                    plan.Before = null;
                    await before.Act();
                }

                var response = await base.SendAsync(request, cancellationToken);
                if (isOfPieces || operation != "PutItem" || !plan.LoseItem) return response;
                plan.LoseItem = false;
                response.Dispose();
                throw new HttpRequestException("The answer was lost.");
            }
        }
    }
}
