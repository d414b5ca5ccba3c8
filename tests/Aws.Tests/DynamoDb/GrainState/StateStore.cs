using AgentRuntime.Aws.DynamoDb.GrainState;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.DynamoDb.GrainState;

/// <summary>A table of states of its own, with what a test does to it.</summary>
internal sealed class StateStore : IAsyncDisposable
{
    public static readonly GrainId Grain = GrainId.Create("test", "tenant/agent");

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly ServiceProvider _clients;

    private StateStore(ServiceProvider clients, string table)
    {
        _clients = clients;
        Options = new DynamoDBStorageOptions
        {
            TableName = table,
            GrainStorageSerializer = new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()),
        };
    }

    public DynamoDBStorageOptions Options { get; }

    public MemoryPayloads? Payloads { get; set; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 5, 4, 3, 2, 1, TimeSpan.Zero));

    public IAmazonDynamoDB Client => _clients.GetRequiredService<IAmazonDynamoDB>();

    public static async Task<StateStore> CreateAsync(AwsStandIn aws, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null, int maxAttempts = 5)
    {
        var table = $"{AwsStandIn.NewPrefix()}state";
        await aws.CreateAsync(DynamoDbTable.GrainState(table));
        return new StateStore(await aws.ClientsAsync(wrap, options => options.MaxAttempts = maxAttempts), table);
    }

    /// <summary>A storage of its own on the same data, as another silo would have.</summary>
    public IGrainStorage Open() => new DynamoDBGrainStorage(
        "Default", Options, Client, Payloads, _services.GetRequiredService<IActivatorProvider>(), Time);

    public async Task<GrainState<Order>> ReadAsync(GrainId? grain = null)
    {
        var state = new GrainState<Order>();
        await Open().ReadStateAsync("order", grain ?? Grain, state);
        return state;
    }

    public Task WriteAsync(GrainState<Order> state, GrainId? grain = null) => Open().WriteStateAsync("order", grain ?? Grain, state);

    public Task ClearAsync(GrainState<Order> state) => Open().ClearStateAsync("order", Grain, state);

    /// <summary>The item as it is stored.</summary>
    public async Task<Dictionary<string, AttributeValue>> ItemAsync() => (await Client.GetItemAsync(
        new GetItemRequest { TableName = Options.TableName, Key = Key.Attributes, ConsistentRead = true }, TestContext.Current.CancellationToken)).Item;

    public StateKey Key => StateKey.Of(Options, "order", Grain);

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _services.DisposeAsync();
    }
}
