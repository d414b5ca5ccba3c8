using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Faults;

/// <summary>The faults that are no plain error: that they are what AWS may do, and are counted only where they were met. On DynamoDB Local.</summary>
public sealed class FaultyHandlerTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly string _table = $"{AwsStandIn.NewPrefix()}faulty";
    private readonly FaultPlan _plan = new();
    private ServiceProvider? _services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IAmazonDynamoDB Client => _services!.GetRequiredService<IAmazonDynamoDB>();

    public async ValueTask InitializeAsync()
    {
        await aws.CreateAsync(DynamoDbTable.GrainState(_table));
        _services = await aws.ClientsAsync(inner => new FaultyHandler(inner, _plan));
    }

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task StaleRead_OfWhatHasChanged_AnswersAsBefore()
    {
        await PutAsync("1", "old");
        await ReadAsync(isConsistent: false);
        await PutAsync("1", "new");

        _plan.Add(FaultKind.StaleRead, "GetItem");
        Assert.Equal("old", await ReadAsync(isConsistent: false));
        Assert.Equal("new", await ReadAsync(isConsistent: false));
        Assert.Equal(1, _plan.Injected[FaultKind.StaleRead]);
    }

    [Fact]
    public async Task StaleRead_OfTheNewestOrOfWhatIsTheSame_IsNone()
    {
        await PutAsync("1", "old");
        await ReadAsync(isConsistent: false);
        _plan.Add(FaultKind.StaleRead, "GetItem", times: 2);
        Assert.Equal("old", await ReadAsync(isConsistent: false));
        await PutAsync("1", "new");
        Assert.Equal("new", await ReadAsync(isConsistent: true));

        Assert.Empty(_plan.Injected);
    }

    [Fact]
    public async Task PartialBatch_OfReads_HandsTheRestBack()
    {
        foreach (var key in new[] { "1", "2", "3" }) await PutAsync(key, key);
        _plan.Add(FaultKind.PartialBatch, "BatchGetItem");
        var keys = new KeysAndAttributes { Keys = [Key("1"), Key("2"), Key("3")], ConsistentRead = true };

        var part = await Client.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = new() { [_table] = keys } }, Stop);
        Assert.Equal(2, part.Responses[_table].Count);
        var rest = await Client.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = part.UnprocessedKeys }, Stop);

        Assert.Equal("3", Assert.Single(rest.Responses[_table])["d"].S);
        Assert.Equal(1, _plan.Injected[FaultKind.PartialBatch]);
    }

    private static Dictionary<string, AttributeValue> Key(string key) => new() { ["pk"] = new AttributeValue(key), ["sk"] = new AttributeValue("-") };

    private Task PutAsync(string key, string text) => Client.PutItemAsync(_table, new(Key(key)) { ["d"] = new AttributeValue(text) }, Stop);

    private async Task<string> ReadAsync(bool isConsistent) =>
        (await Client.GetItemAsync(new GetItemRequest { TableName = _table, Key = Key("1"), ConsistentRead = isConsistent }, Stop)).Item["d"].S;
}
