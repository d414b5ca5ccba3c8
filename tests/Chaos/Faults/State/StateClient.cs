using System.Globalization;
using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.GrainState;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Chaos.Faults.State;

/// <summary>The storage as one silo has it.</summary>
internal sealed class StateClient : IAsyncDisposable
{
    private const string Slot = "text";
    private const int LargeText = 100_000;

    private readonly ServiceProvider _services;
    private readonly DynamoDBGrainStorage _storage;

    public StateClient(FaultyAws aws, string table, MemoryPayloads payloads)
    {
        _services = aws.Connect().AddSerializer().BuildServiceProvider();
        var options = new DynamoDBStorageOptions { TableName = table, GrainStorageSerializer = new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()) };
        _storage = new DynamoDBGrainStorage("Default", options, _services.GetRequiredService<IAmazonDynamoDB>(), payloads, _services.GetRequiredService<IActivatorProvider>(), TimeProvider.System);
    }

    public async Task<GrainState<StoredText>> ReadAsync(GrainId grain)
    {
        var state = new GrainState<StoredText>();
        await _storage.ReadStateAsync(Slot, grain, state, CancellationToken.None);
        return state;
    }

    public Task WriteAsync(GrainId grain, GrainState<StoredText> state) => _storage.WriteStateAsync(Slot, grain, state, CancellationToken.None);

    public Task ClearAsync(GrainId grain, GrainState<StoredText> state) => _storage.ClearStateAsync(Slot, grain, state, CancellationToken.None);

    /// <summary>A text that is like no other, now and then one that is too large for an item.</summary>
    public static StoredText NewText(Random dice, int number)
    {
        var bytes = new byte[dice.Next(30) == 0 ? LargeText : 60];
        dice.NextBytes(bytes);
        return new StoredText { Text = string.Create(CultureInfo.InvariantCulture, $"{number} {Convert.ToHexStringLower(bytes)}") };
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
