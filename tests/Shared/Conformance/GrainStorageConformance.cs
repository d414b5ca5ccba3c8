using Orleans.Storage;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every grain storage must do, on a store of its own.</summary>
public abstract class GrainStorageConformance
{
    private static readonly GrainId Grain = GrainId.Create("test", "tenant/agent");

    [Fact]
    public async Task Read_NothingStored_GivesAFreshState()
    {
        var state = await ReadAsync(Open());
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal(new Order(), state.State);
    }

    [Fact]
    public async Task Write_ThenReadElsewhere_GivesItBack()
    {
        var written = await WriteAsync(Open(), new Order { Item = "tea", Count = 3 });
        var read = await ReadAsync(Open());
        Assert.True(read.RecordExists);
        Assert.Equal(new Order { Item = "tea", Count = 3 }, read.State);
        Assert.Equal(written.ETag, read.ETag);
    }

    [Fact]
    public async Task Write_WithAStaleEtag_IsRefusedAndChangesNothing()
    {
        var storage = Open();
        var first = await WriteAsync(storage, new Order { Count = 1 });
        var second = await ReadAsync(storage);
        second.State = new Order { Count = 2 };
        await storage.WriteStateAsync("order", Grain, second);

        first.State = new Order { Count = 9 };
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("order", Grain, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("order", Grain, first));
        Assert.Equal(2, (await ReadAsync(storage)).State!.Count);
    }

    [Fact]
    public async Task Write_WithoutEtagOverAnExistingState_IsRefused()
    {
        var storage = Open();
        await WriteAsync(storage, new Order { Count = 1 });
        var blind = new GrainState<Order>(new Order { Count = 2 });
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("order", Grain, blind));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("order", Grain, blind));
    }

    [Fact]
    public async Task Write_WithAForeignEtag_IsRefused()
    {
        var storage = Open();
        var odd = new GrainState<Order>(new Order()) { ETag = "W/\"x\"" };
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("order", Grain, odd));
        Assert.False((await ReadAsync(storage)).RecordExists);
    }

    [Fact]
    public async Task Clear_ThenWrite_NeverFitsAnEtagFromBefore()
    {
        var storage = Open();
        var old = await WriteAsync(storage, new Order { Count = 1 });
        var state = await ReadAsync(storage);
        await storage.ClearStateAsync("order", Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal(new Order(), state.State);
        Assert.False((await ReadAsync(storage)).RecordExists);

        state.State = new Order { Count = 5 };
        await storage.WriteStateAsync("order", Grain, state);
        Assert.NotEqual(old.ETag, state.ETag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("order", Grain, old));
        Assert.Equal(5, (await ReadAsync(storage)).State!.Count);
    }

    [Fact]
    public async Task Clear_NothingStored_IsNoFailure()
    {
        var storage = Open();
        await storage.ClearStateAsync("order", Grain, await ReadAsync(storage));
        Assert.False((await ReadAsync(storage)).RecordExists);
    }

    [Fact]
    public async Task Write_NamesAndGrains_DoNotMix()
    {
        var storage = Open();
        await WriteAsync(storage, new Order { Count = 1 });
        var other = new GrainState<Order>(new Order { Count = 2 });
        await storage.WriteStateAsync("other", Grain, other);
        var neighbour = new GrainState<Order>(new Order { Count = 3 });
        await storage.WriteStateAsync("order", GrainId.Create("test", "tenant/agent2"), neighbour);
        Assert.Equal(1, (await ReadAsync(storage)).State!.Count);
    }

    [Fact]
    public async Task Write_5MegaBytes_ComesBackWhole()
    {
        var item = string.Concat(Enumerable.Range(0, 5 << 17).Select(number => number.ToString("x8", null)));
        Assert.Equal(5 << 20, item.Length);
        await WriteAsync(Open(), new Order { Item = item });
        Assert.Equal(item, (await ReadAsync(Open())).State!.Item);
    }

    [Fact]
    public async Task Write_20WritersOfOneEtag_ExactlyOneWins()
    {
        var etag = (await WriteAsync(Open(), new Order())).ETag;
        var results = await Task.WhenAll(Enumerable.Range(1, 20).Select(number => Task.Run(async () =>
        {
            try
            {
                await Open().WriteStateAsync("order", Grain, new GrainState<Order>(new Order { Count = number }, etag));
                return number;
            }
            catch (InconsistentStateException)
            {
                return 0;
            }
        })));
        var winner = Assert.Single(results, number => number > 0);
        Assert.Equal(winner, (await ReadAsync(Open())).State!.Count);
    }

    /// <summary>A storage of its own on the same data, as another process would have.</summary>
    protected abstract IGrainStorage Open();

    private static async Task<GrainState<Order>> ReadAsync(IGrainStorage storage)
    {
        var state = new GrainState<Order>();
        await storage.ReadStateAsync("order", Grain, state);
        return state;
    }

    private static async Task<GrainState<Order>> WriteAsync(IGrainStorage storage, Order order)
    {
        var state = new GrainState<Order>(order);
        await storage.WriteStateAsync("order", Grain, state);
        return state;
    }
}
