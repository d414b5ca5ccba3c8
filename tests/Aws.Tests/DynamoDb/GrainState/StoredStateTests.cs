using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2.Model;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.DynamoDb.GrainState;

/// <summary>What is kept where, and for how long. On DynamoDB Local.</summary>
public sealed class StoredStateTests(AwsStandIn aws) : IAsyncLifetime
{
    private StateStore? _store;

    private StateStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await StateStore.CreateAsync(aws);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task Write_SmallState_IsOneItemAsDesigned()
    {
        await Store.WriteAsync(new GrainState<Order>(new Order { Item = "tea" }));
        var item = await Store.ItemAsync();
        Assert.Equal(["d", "enc", "pk", "sha", "sk", "v", "w"], item.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("T#default#G#test/tenant%2Fagent", "S#order", "raw"), (item["pk"].S, item["sk"].S, item["enc"].S));
        Assert.Empty(Store.Payloads!.Objects);
    }

    [Fact]
    public async Task Write_RepetitiveState_IsCompressedAboveAKilobyte()
    {
        var item = new string('x', 300_000);
        await Store.WriteAsync(new GrainState<Order>(new Order { Item = item }));
        var stored = await Store.ItemAsync();
        Assert.Equal("zstd", stored["enc"].S);
        Assert.InRange(stored["d"].B.Length, 1, 1000);
        Assert.Equal(item, (await Store.ReadAsync()).State!.Item);
    }

    [Fact]
    public async Task Write_LargeStates_AreObjects_OneAtATime()
    {
        var state = new GrainState<Order>(new Order { Item = Noise(200_000, 1) });
        await Store.WriteAsync(state);
        var first = Assert.Single(Store.Payloads!.Objects);
        Assert.StartsWith("T/default/state/", first.Key, StringComparison.Ordinal);
        Assert.Equal(first.Key, (await Store.ItemAsync())["s3"].S);
        Assert.False((await Store.ItemAsync()).ContainsKey("d"));

        // The same content again is another object: the one before can go.
        await Store.WriteAsync(state);
        Assert.NotEqual(first.Key, Assert.Single(Store.Payloads.Objects).Key);
        var read = await Store.ReadAsync();
        Assert.Equal(state.State, read.State);
        read.State = new Order { Item = "small" };
        await Store.WriteAsync(read);
        Assert.Empty(Store.Payloads.Objects);
        read.State = new Order { Item = Noise(200_000, 2) };
        await Store.WriteAsync(read);
        await Store.ClearAsync(read);
        Assert.Empty(Store.Payloads.Objects);
    }

    [Fact]
    public async Task Write_InACopyOfATable_LeavesTheOriginalItsObject()
    {
        var state = new GrainState<Order>(new Order { Item = Noise(200_000, 1) });
        await Store.WriteAsync(state);
        await using var copy = await StateStore.CreateAsync(aws);
        copy.Payloads = Store.Payloads;
        await copy.Client.PutItemAsync(copy.Options.TableName, await Store.ItemAsync(), TestContext.Current.CancellationToken);
        var copied = await copy.ReadAsync();
        Assert.Equal(state.State, copied.State);

        copied.State = new Order { Item = Noise(200_000, 2) };
        await copy.WriteAsync(copied);
        await copy.WriteAsync(copied);
        Assert.Equal(state.State, (await Store.ReadAsync()).State);
        Assert.Equal(2, Store.Payloads!.Objects.Count);
    }

    [Fact]
    public async Task Write_LargeStateOfALoser_LeavesNoObject()
    {
        var winner = new GrainState<Order>(new Order { Item = Noise(200_000, 1) });
        await Store.WriteAsync(winner);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.WriteAsync(new GrainState<Order>(new Order { Item = Noise(200_000, 2) })));
        Assert.Single(Store.Payloads!.Objects);
        Assert.Equal(winner.State, (await Store.ReadAsync()).State);
    }

    [Fact]
    public async Task Read_StateIsWrittenOverMeanwhile_GivesTheNewOne()
    {
        var state = new GrainState<Order>(new Order { Item = Noise(200_000, 1) });
        await Store.WriteAsync(state);
        var once = true;
        Store.Payloads!.OnGet = _ =>
        {
            if (!once) return;
            once = false;
            state.State = new Order { Item = Noise(200_000, 2) };
            Store.WriteAsync(state).GetAwaiter().GetResult();
        };
        Assert.Equal(Noise(200_000, 2), (await Store.ReadAsync()).State!.Item);
    }

    [Fact]
    public async Task Read_ObjectIsGone_FailsByNameAndNotForEver()
    {
        await Store.WriteAsync(new GrainState<Order>(new Order { Item = Noise(200_000, 1) }));
        Store.Payloads!.Objects.Clear();
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => Store.ReadAsync());
        Assert.Contains("'test/tenant/agent'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("an object that does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OtherBytesThanWereWritten_Fails()
    {
        await Store.WriteAsync(new GrainState<Order>(new Order { Item = Noise(200_000, 1) }));
        var (key, content) = Assert.Single(Store.Payloads!.Objects);
        content[100] ^= 1;
        Store.Payloads.Objects[key] = content;
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => Store.ReadAsync());
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NowhereForLargeStates_TakesWhatAnItemHolds()
    {
        Store.Payloads = null;
        var state = new GrainState<Order>(new Order { Item = Noise(380_000, 1) });
        await Store.WriteAsync(state);
        Assert.Equal(state.State, (await Store.ReadAsync()).State);
        state.State = new Order { Item = Noise(600_000, 1) };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync(state));
        Assert.Contains("Bucket", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AboveTheLimit_IsRefusedByName()
    {
        Store.Options.MaxStateBytes = 10_000;
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync(new GrainState<Order>(new Order { Item = new string('x', 20_000) })));
        Assert.Contains("MaxStateBytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Expired_IsAsNeverWritten_AndItsEtagDoesNotComeBack()
    {
        Store.Options.TimeToLive = TimeSpan.FromSeconds(60);
        var old = new GrainState<Order>(new Order { Count = 1 });
        await Store.WriteAsync(old);
        Store.Time.Advance(TimeSpan.FromSeconds(62));

        var read = await Store.ReadAsync();
        Assert.False(read.RecordExists);
        Assert.Equal(new Order(), read.State);
        read.State = new Order { Count = 2 };
        await Store.WriteAsync(read);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.WriteAsync(old));
        Assert.Equal(2, (await Store.ReadAsync()).State!.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clear_LeavesATombstoneWithoutData(bool isToGo)
    {
        Store.Options.DeleteStateOnClear = isToGo;
        var state = new GrainState<Order>(new Order { Count = 1 });
        await Store.WriteAsync(state);
        await Store.ClearAsync(state);
        var item = await Store.ItemAsync();
        Assert.Equal(isToGo, item.ContainsKey("ttl"));
        Assert.True(item["tomb"].BOOL);
        Assert.DoesNotContain("d", item.Keys);
    }

    [Fact]
    public async Task Write_AfterDynamoDBDeletedTheItem_NeverFitsAnEtagFromBefore()
    {
        var old = new GrainState<Order>(new Order { Count = 1 });
        for (var write = 0; write < 3; write++) await Store.WriteAsync(old);
        await Store.Client.DeleteItemAsync(new DeleteItemRequest { TableName = Store.Options.TableName, Key = Store.Key.Attributes }, TestContext.Current.CancellationToken);
        Store.Time.Advance(TimeSpan.FromSeconds(1));

        var fresh = await Store.ReadAsync();
        Assert.Null(fresh.ETag);
        for (var write = 0; write < 3; write++)
        {
            await Store.WriteAsync(fresh);
            await Assert.ThrowsAsync<InconsistentStateException>(() => Store.WriteAsync(old));
        }
    }

    [Fact]
    public async Task Write_Tenants_HaveTheirOwnPartitions()
    {
        Store.Options.Tenant = grain => grain.Key.ToString()!.Split('/')[0];
        var acme = GrainId.Create("test", "acme/x");
        var trick = GrainId.Create("test", "acme#G#test/x");
        await Store.WriteAsync(new GrainState<Order>(new Order { Count = 1 }), acme);
        Assert.False((await Store.ReadAsync(trick)).RecordExists);
        Assert.Equal(1, (await Store.ReadAsync(acme)).State!.Count);
    }

    private static string Noise(int length, int seed)
    {
        var bytes = new byte[length / 4 * 3];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
