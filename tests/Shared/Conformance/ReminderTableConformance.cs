namespace AgentRuntime.Testing.Conformance;

/// <summary>What every table of reminders must do, on a store of its own.</summary>
public abstract class ReminderTableConformance
{
    protected const string Service = "service-1";
    protected const string OtherService = "service-2";

    private static readonly DateTime Epoch = new(2031, 5, 4, 3, 2, 1, DateTimeKind.Utc);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UpsertRow_ThenRead_GivesEveryFieldBack()
    {
        var table = Open();
        var etag = await table.UpsertRow(Entry(1, "daily"), Stop);

        var read = await table.ReadRow(Grain(1), "daily", Stop);
        Assert.NotNull(read);
        Assert.Equal((Grain(1), "daily", Epoch, TimeSpan.FromHours(1), etag), (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.False(string.IsNullOrEmpty(etag));
    }

    [Fact]
    public async Task UpsertRow_Again_ReplacesAndChangesTheEtag()
    {
        var table = Open();
        var first = await table.UpsertRow(Entry(1, "daily"), Stop);
        var second = await table.UpsertRow(Entry(1, "daily", TimeSpan.FromHours(2)), Stop);

        Assert.NotEqual(first, second);
        var read = Assert.Single((await table.ReadRows(Grain(1), Stop)).Reminders);
        Assert.Equal((TimeSpan.FromHours(2), second), (read.Period, read.ETag));
    }

    [Fact]
    public async Task ReadRow_Unknown_IsNull()
    {
        var table = Open();
        await table.UpsertRow(Entry(1, "daily"), Stop);
        Assert.Null(await table.ReadRow(Grain(1), "weekly", Stop));
        Assert.Null(await table.ReadRow(Grain(2), "daily", Stop));
        Assert.Empty((await table.ReadRows(Grain(2), Stop)).Reminders);
    }

    [Fact]
    public async Task ReadRows_OfAGrain_AreItsOwn()
    {
        var table = Open();
        foreach (var name in new[] { "a", "b", "c" }) await table.UpsertRow(Entry(1, name), Stop);
        await table.UpsertRow(Entry(2, "a"), Stop);
        Assert.Equal(["a", "b", "c"], (await table.ReadRows(Grain(1), Stop)).Reminders.Select(entry => entry.ReminderName).Order());
    }

    [Fact]
    public async Task RemoveRow_StaleEtag_IsRefused()
    {
        var table = Open();
        var stale = await table.UpsertRow(Entry(1, "daily"), Stop);
        var current = await table.UpsertRow(Entry(1, "daily"), Stop);
        Assert.False(await table.RemoveRow(Grain(1), "daily", stale!, Stop));
        Assert.False(await table.RemoveRow(Grain(1), "weekly", current!, Stop));
        Assert.NotNull(await table.ReadRow(Grain(1), "daily", Stop));
        Assert.True(await table.RemoveRow(Grain(1), "daily", current!, Stop));
        Assert.False(await table.RemoveRow(Grain(1), "daily", current!, Stop));
        Assert.Null(await table.ReadRow(Grain(1), "daily", Stop));
    }

    [Fact]
    public async Task ReadRows_AnyRange_HoldsWhatLiesBehindItsBeginUpToItsEnd()
    {
        var table = Open();
        var grains = Enumerable.Range(0, 40).Select(Grain).OrderBy(grain => grain.GetUniformHashCode()).ToList();
        foreach (var grain in grains) await table.UpsertRow(new ReminderEntry { GrainId = grain, ReminderName = "r", StartAt = Epoch, Period = TimeSpan.FromHours(1) }, Stop);
        var hashes = grains.Select(grain => grain.GetUniformHashCode()).ToList();
        Assert.Contains(hashes, hash => hash > int.MaxValue);

        // The borders are hashes of reminders: the first does not belong to the range, the last does.
        Assert.Equal(grains[11..21], await RangeAsync(table, hashes[10], hashes[20]));
        Assert.Equal([.. grains[..6], .. grains[31..]], await RangeAsync(table, hashes[30], hashes[5]));
        Assert.Equal(grains, await RangeAsync(table, hashes[7], hashes[7]));
        Assert.Equal(grains, await RangeAsync(table, 0, 0));
        Assert.Equal(grains, await RangeAsync(table, uint.MaxValue, uint.MaxValue));
        Assert.Empty(await RangeAsync(table, hashes[10], hashes[11] - 1));
    }

    [Fact]
    public async Task UpsertRow_20WritersAtOnce_KeepsTheLastAndAllOthers()
    {
        Open();
        var etags = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            // As many processes: each with a connection of its own.
            var own = Open();
            await own.UpsertRow(Entry(number + 1, "own"), Stop);
            return await own.UpsertRow(Entry(0, "shared"), Stop);
        })));
        Assert.Equal(21, (await Open().ReadRows(0, 0, Stop)).Reminders.Count);
        Assert.Contains((await Open().ReadRow(Grain(0), "shared", Stop))!.ETag, etags);
    }

    [Fact]
    public async Task TestOnlyClearTable_LeavesAnotherServiceAlone()
    {
        var (table, other) = (Open(), Open(OtherService));
        await table.UpsertRow(Entry(1, "daily"), Stop);
        await other.UpsertRow(Entry(1, "daily", TimeSpan.FromHours(3)), Stop);
        await table.TestOnlyClearTable(Stop);
        Assert.Empty((await table.ReadRows(0, 0, Stop)).Reminders);
        Assert.Equal(TimeSpan.FromHours(3), Assert.Single((await other.ReadRows(0, 0, Stop)).Reminders).Period);
    }

    /// <summary>A table of its own on the same data, as another process would have.</summary>
    protected abstract IReminderTable Open(string service = Service);

    private static async Task<IReadOnlyList<GrainId>> RangeAsync(IReminderTable table, uint begin, uint end) =>
        [.. (await table.ReadRows(begin, end, Stop)).Reminders.Select(entry => entry.GrainId).OrderBy(grain => grain.GetUniformHashCode())];

    private static GrainId Grain(int number) => GrainId.Create("clock", $"acme/{number}");

    private static ReminderEntry Entry(int number, string name, TimeSpan? period = null) =>
        new() { GrainId = Grain(number), ReminderName = name, StartAt = Epoch, Period = period ?? TimeSpan.FromHours(1) };
}
