using System.Net;
using System.Text;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.DynamoDb.Tables;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDbTablesTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly string _prefix = AwsStandIn.NewPrefix();
    private ServiceProvider? _clients;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IAmazonDynamoDB Client => _clients!.GetRequiredService<IAmazonDynamoDB>();

    private DynamoDbTable Indexed => new($"{_prefix}indexed")
    {
        HasTimeToLive = true,
        Indexes = [new DynamoDbIndex("open", "open", "since") { Projected = ["owner"] }],
    };

    public async ValueTask InitializeAsync() => _clients = await aws.ClientsAsync();

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task CreateAsync_Twice_CreatesOnceAndPaysByRequest()
    {
        Assert.Equal([Indexed.Name], await DynamoDbTables.CreateAsync(Client, [Indexed], Stop));
        Assert.Empty(await DynamoDbTables.CreateAsync(Client, [Indexed], Stop));

        var table = (await Client.DescribeTableAsync(Indexed.Name, Stop)).Table;
        Assert.Equal(BillingMode.PAY_PER_REQUEST, table.BillingModeSummary.BillingMode);
        Assert.Equal(["owner"], Assert.Single(table.GlobalSecondaryIndexes).Projection.NonKeyAttributes);
        var ttl = await Client.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = Indexed.Name }, Stop);
        Assert.Equal("ttl", ttl.TimeToLiveDescription.AttributeName);
    }

    [Fact]
    public async Task CheckAsync_MissingTable_NamesItAndTheCommand()
    {
        var missing = new DynamoDbTable($"{_prefix}missing");
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [missing], Stop));
        Assert.Contains($"'{missing.Name}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("create-tables", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => Client.DescribeTableAsync(missing.Name, Stop));
    }

    [Fact]
    public async Task CheckAsync_TableOfAnotherProvider_IsRefusedByItsKeys()
    {
        var theirs = new DynamoDbTable($"{_prefix}theirs");
        await Client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = theirs.Name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                KeySchema = [new("GrainReference", KeyType.HASH), new("GrainType", KeyType.RANGE)],
                AttributeDefinitions = [new("GrainReference", ScalarAttributeType.S), new("GrainType", ScalarAttributeType.S)],
            },
            Stop);
        var check = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [theirs], Stop));
        Assert.Contains("GrainReference, GrainType", check.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CreateAsync(Client, [theirs], Stop));
    }

    [Fact]
    public async Task CheckAsync_LackingIndex_IsNamed()
    {
        await DynamoDbTables.CreateAsync(Client, [new DynamoDbTable($"{_prefix}bare")], Stop);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => DynamoDbTables.CheckAsync(Client, [Indexed with { Name = $"{_prefix}bare" }], Stop));
        Assert.Contains("'open'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_KeyThatIsNoString_IsNamed()
    {
        var theirs = new DynamoDbTable($"{_prefix}numbers");
        await CreateAsync(theirs.Name, ScalarAttributeType.N);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [theirs], Stop));
        Assert.Contains("sk", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CreateAsync(Client, [theirs], Stop));
    }

    [Fact]
    public async Task CheckAsync_IndexThatLacksAnAttribute_IsNamedWithIt()
    {
        await DynamoDbTables.CreateAsync(Client, [Indexed], Stop);
        var wanted = Indexed with { Indexes = [new DynamoDbIndex("open", "open", "since") { Projected = ["owner", "status"] }] };
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [wanted], Stop));
        Assert.Contains("'open'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("attributes status", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_NoTimeToLive_IsNamedUntilTheCommandHasSwitchedItOn()
    {
        var restored = DynamoDbTable.GrainState($"{_prefix}restored");
        await CreateAsync(restored.Name, ScalarAttributeType.S);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [restored], Stop));
        Assert.Contains("create-tables", failure.Message, StringComparison.Ordinal);

        await DynamoDbTables.CreateAsync(Client, [restored], Stop);
        await DynamoDbTables.CheckAsync(Client, [restored], Stop);
    }

    [Fact]
    public async Task CheckAsync_TimeToLiveOfAnotherAttribute_IsNamed()
    {
        var theirs = DynamoDbTable.GrainState($"{_prefix}expires");
        await CreateAsync(theirs.Name, ScalarAttributeType.S);
        var request = new UpdateTimeToLiveRequest { TableName = theirs.Name, TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = "expires", Enabled = true } };
        await Client.UpdateTimeToLiveAsync(request, Stop);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CheckAsync(Client, [theirs], Stop));
        Assert.Contains("'expires'", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => DynamoDbTables.CreateAsync(Client, [theirs], Stop));
    }

    [Fact]
    public async Task CheckAsync_RoleThatMayNotAskForTheTimeToLive_Passes()
    {
        var table = DynamoDbTable.GrainState($"{_prefix}unasked");
        await CreateAsync(table.Name, ScalarAttributeType.S);
        await using var clients = await aws.ClientsAsync(static inner => new NoTimeToLive { InnerHandler = inner });
        await DynamoDbTables.CheckAsync(clients.GetRequiredService<IAmazonDynamoDB>(), [table], Stop);
    }

    [Fact]
    public async Task Scan_IsStoppedBeforeItIsSent()
    {
        // Through the counter of a handler of its own, so that the assembly's stays at 0: the refusal itself is what is shown.
        var seen = 0;
        await using var clients = await aws.ClientsAsync(inner => new Refusal(() => seen++) { InnerHandler = inner });
        await Assert.ThrowsAnyAsync<Exception>(() => clients.GetRequiredService<IAmazonDynamoDB>().ScanAsync(new ScanRequest(Indexed.Name), Stop));
        Assert.Equal(1, seen);
    }

    private Task CreateAsync(string name, ScalarAttributeType sort) => Client.CreateTableAsync(
        new CreateTableRequest
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
            AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", sort)],
        },
        Stop);

    private sealed class NoTimeToLive : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            !request.Headers.GetValues("X-Amz-Target").Single().EndsWith(".DescribeTimeToLive", StringComparison.Ordinal)
                ? base.SendAsync(request, cancellationToken)
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest)
                {
                    Content = new StringContent("""{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"Injected."}""", Encoding.UTF8, "application/x-amz-json-1.0"),
                });
    }

    private sealed class Refusal(Action onScan) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("DynamoDB_20120810.Scan", request.Headers.GetValues("X-Amz-Target").Single());
            onScan();
            throw new InvalidOperationException("A request scans a table.");
        }
    }
}
