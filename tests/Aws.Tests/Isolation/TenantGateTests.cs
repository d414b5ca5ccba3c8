using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Isolation;

/// <summary>A client of DynamoDB that serves tenant acme. What is planted is a request with a key of tenant beta; what is looked at is what arrives at the stand-in.</summary>
public sealed class TenantGateTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _arrived = [];
    private readonly string _table = $"{AwsStandIn.NewPrefix()}gated";
    private ServiceProvider _clients = null!;

    private IAmazonDynamoDB DynamoDb => _clients.GetRequiredService<IAmazonDynamoDB>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await aws.CreateAsync(new DynamoDbTable(_table));
        _clients = await aws.ClientsAsync(inner => new Arrivals(inner, _arrived), options => (options.ServesTenant, options.NoTenant) = (tenant => tenant == "acme", "_host"));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    [Fact]
    public async Task DynamoDb_KeysOfItsTenantAndOfNobody_ArriveAtTheStore()
    {
        foreach (var partition in new[] { "T#acme#R#1", "T#_host#G#1", "C#cluster", "STORE", "O#7" })
        {
            await DynamoDb.PutItemAsync(_table, Key(partition), Stop);
            Assert.True((await DynamoDb.GetItemAsync(_table, Key(partition), Stop)).IsItemSet);
            Assert.Single((await DynamoDb.QueryAsync(Query(partition), Stop)).Items);
        }

        await DynamoDb.DescribeTableAsync(_table, Stop);
        Assert.Equal(16, _arrived.Count);
    }

    [Theory]
    [InlineData("T#beta#R#1")]
    [InlineData("T#acme%23#R#1")]
    [InlineData("T#%61cme#R#1")]
    [InlineData("T#acmee#R#1")]
    [InlineData("T#ACME#R#1")]
    [InlineData("T##acme#R#1")]
    [InlineData("T#acme")]
    public async Task DynamoDb_PlantedKeyOfAnother_IsStoppedBeforeItIsSent(string key)
    {
        using var meters = new CountedForeign(_clients.GetRequiredService<IMeterFactory>());
        Func<Task>[] plants =
        [
            () => DynamoDb.PutItemAsync(_table, Key(key)),
            () => DynamoDb.GetItemAsync(_table, Key(key)),
            () => DynamoDb.DeleteItemAsync(_table, Key(key)),
            () => DynamoDb.UpdateItemAsync(new UpdateItemRequest { TableName = _table, Key = Key(key), UpdateExpression = "SET a = :a", ExpressionAttributeValues = new() { [":a"] = new("x") } }),
            () => DynamoDb.QueryAsync(Query(key)),
            () => DynamoDb.QueryAsync(Query(key, "#p = :p AND sk = :s")),
            () => DynamoDb.QueryAsync(Query(key, ":p = #p")),
            () => DynamoDb.QueryAsync(Continued("T#acme#1", key)),
            () => DynamoDb.QueryAsync(Continued("T#acme#1", key, index: "listed")),
            () => DynamoDb.QueryAsync(Continued("O#1", key)),
            () => DynamoDb.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = new() { [_table] = new KeysAndAttributes { Keys = [Key("T#acme#1"), Key(key)] } } }),
            () => DynamoDb.BatchWriteItemAsync(new BatchWriteItemRequest(new() { [_table] = [new WriteRequest(new PutRequest(Key("T#acme#1"))), new WriteRequest(new DeleteRequest(Key(key)))] })),
            () => DynamoDb.TransactWriteItemsAsync(Transaction(new TransactWriteItem { Put = new Put { TableName = _table, Item = Key(key) } })),
            () => DynamoDb.TransactWriteItemsAsync(Transaction(new TransactWriteItem { Update = new Update { TableName = _table, Key = Key(key) } })),
            () => DynamoDb.TransactWriteItemsAsync(Transaction(new TransactWriteItem { Delete = new Delete { TableName = _table, Key = Key(key) } })),
            () => DynamoDb.TransactWriteItemsAsync(Transaction(new TransactWriteItem { ConditionCheck = new ConditionCheck { TableName = _table, Key = Key(key), ConditionExpression = "attribute_exists(pk)" } })),
            () => DynamoDb.TransactGetItemsAsync(new TransactGetItemsRequest { TransactItems = [new TransactGetItem { Get = new Get { TableName = _table, Key = Key(key) } }] }),
        ];
        foreach (var plant in plants) await Assert.ThrowsAsync<ForeignTenantException>(plant);
        Assert.Empty(_arrived);
        Assert.Equal(plants.Length, meters.Count);
    }

    [Fact]
    public async Task DynamoDb_RequestWhoseKeysCannotBeTold_IsStopped()
    {
        Func<Task>[] plants =
        [
            () => DynamoDb.ScanAsync(new ScanRequest(_table)),
            () => DynamoDb.ExecuteStatementAsync(new ExecuteStatementRequest { Statement = $"SELECT * FROM \"{_table}\"" }),
            () => DynamoDb.DeleteTableAsync(_table),
            () => DynamoDb.GetItemAsync(_table, new() { ["sk"] = new("-") }),
            () => DynamoDb.TransactWriteItemsAsync(Transaction(new TransactWriteItem())),
            () => DynamoDb.QueryAsync(new QueryRequest { TableName = _table, KeyConditions = new() { ["pk"] = new Condition { ComparisonOperator = ComparisonOperator.EQ, AttributeValueList = [new("T#acme#1")] } } }),
            () => DynamoDb.QueryAsync(new QueryRequest { TableName = _table, KeyConditionExpression = "pk = :p" }),
        ];
        foreach (var plant in plants) await Assert.ThrowsAsync<ForeignTenantException>(plant);
        Assert.Empty(_arrived);
    }

    [Fact]
    public async Task DynamoDb_KeysOfATenantTogetherWithNobodys_AreStopped()
    {
        var mixed = Transaction(new TransactWriteItem { Put = new Put { TableName = _table, Item = Key("O#1") } });
        await Assert.ThrowsAsync<ForeignTenantException>(() => DynamoDb.TransactWriteItemsAsync(mixed, Stop));
        Assert.Empty(_arrived);
    }

    [Fact]
    public async Task DynamoDb_KeysOfTwoThatAreServed_AreStopped()
    {
        await using var clients = await aws.ClientsAsync(inner => new Arrivals(inner, _arrived), options => options.ServesTenant = _ => true);
        var request = new BatchGetItemRequest { RequestItems = new() { [_table] = new KeysAndAttributes { Keys = [Key("T#acme#1"), Key("T#beta#1")] } } };
        await Assert.ThrowsAsync<ForeignTenantException>(() => clients.GetRequiredService<IAmazonDynamoDB>().BatchGetItemAsync(request, Stop));
        Assert.Empty(_arrived);
    }

    [Fact]
    public async Task Clients_OfAProcessThatServesAllWithItsOwnCredentials_HaveNoGate()
    {
        await using var clients = await aws.ClientsAsync(configure: options => options.Region = "eu-central-1");
        Assert.Equal(typeof(AmazonDynamoDBClient), clients.GetRequiredService<IAmazonDynamoDB>().GetType());
        Assert.Equal(typeof(AmazonS3Client), clients.GetRequiredService<IAmazonS3>().GetType());
    }

    /// <summary>An index of nobody's lists runs of all; whoever reads it page by page goes on after anybody's.</summary>
    [Fact]
    public async Task DynamoDb_IndexOfNobodysAfterAnItemOfAnother_IsRead()
    {
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => DynamoDb.QueryAsync(Continued("O#1", "T#beta#1", index: "none"), Stop));
        Assert.Single(_arrived);
    }

    /// <summary>What a caller wrote, a page token for one, may look like a key.</summary>
    [Fact]
    public async Task DynamoDb_SortKeysThatLookLikeAnothers_AreNoPartition()
    {
        var query = Query("T#acme#S", "#p = :p AND sk >= :s");
        query.ExpressionAttributeValues[":s"] = new AttributeValue("T#beta#1");
        Assert.Empty((await DynamoDb.QueryAsync(query, Stop)).Items);
    }

    private static Dictionary<string, AttributeValue> Key(string partition) => new() { ["pk"] = new(partition), ["sk"] = new("-") };

    private QueryRequest Query(string partition, string condition = "#p = :p") => new()
    {
        TableName = _table,
        KeyConditionExpression = condition,
        ExpressionAttributeNames = new() { ["#p"] = "pk" },
        ExpressionAttributeValues = condition.Contains(":s", StringComparison.Ordinal) ? new() { [":p"] = new(partition), [":s"] = new("-") } : new() { [":p"] = new(partition) },
    };

    private QueryRequest Continued(string partition, string after, string? index = null)
    {
        var query = Query(partition);
        (query.ExclusiveStartKey, query.IndexName) = (Key(after), index);
        return query;
    }

    private TransactWriteItemsRequest Transaction(TransactWriteItem planted) =>
        new() { TransactItems = [new TransactWriteItem { Put = new Put { TableName = _table, Item = Key("T#acme#1") } }, planted] };
}
