using System.Globalization;
using AgentRuntime.Aws.DynamoDb.Reminders;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Aws.Tests.DynamoDb.GrainState;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;

namespace AgentRuntime.Aws.Tests.DynamoDb.Reminders;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDBReminderTableTests(AwsStandIn aws) : ReminderTableConformance, IAsyncLifetime
{
    private readonly string _table = $"{AwsStandIn.NewPrefix()}reminders";
    private readonly FaultPlan _faults = new();
    private ServiceProvider? _clients;

    public async ValueTask InitializeAsync()
    {
        await aws.CreateAsync(DynamoDbTable.Reminders(_table));
        _clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, _faults));
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task ReadRows_1000RangesOf10000Reminders_AreWholeRightAfterWriting()
    {
        const int Reminders = 10_000;
        const int Ranges = 1_000;
        var table = Open();
        var grains = Enumerable.Range(0, Reminders).Select(number => GrainId.Create("clock", $"acme/{number}")).ToList();
        await Parallel.ForEachAsync(grains, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop }, async (grain, stop) => await table.UpsertRow(Entry(grain), stop));

        // Borders as a ring of silos has them: anywhere. The last range goes over the end of the ring.
        var dice = new Random(7);
        var borders = Enumerable.Range(0, Ranges).Select(_ => (uint)dice.NextInt64(uint.MaxValue)).Distinct().Order().ToList();
        var expected = grains.ToDictionary(grain => grain.GetUniformHashCode());
        var (read, queries) = (0, borders.Zip([.. borders.Skip(1), borders[0]]));
        await Parallel.ForEachAsync(queries, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop }, async (range, stop) =>
        {
            var (begin, end) = range;
            var found = (await table.ReadRows(begin, end, stop)).Reminders.Select(entry => entry.GrainId.GetUniformHashCode()).Order().ToList();
            var wanted = expected.Keys.Where(hash => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end).Order().ToList();
            Assert.Equal(wanted, found);
            Interlocked.Add(ref read, found.Count);
        });
        Assert.Equal(Reminders, read);
    }

    [Fact]
    public async Task ReadRows_OnManyPages_AreAll()
    {
        var grain = GrainId.Create("clock", "a");
        for (var number = 0; number < 7; number++) await Open().UpsertRow(Entry(grain, $"r{number}"), Stop);
        await using var clients = await aws.ClientsAsync(inner => new SmallPages(inner));
        var table = Open(_table, Service, clients);
        Assert.Equal(7, (await table.ReadRows(grain, Stop)).Reminders.Count);
        Assert.Equal(7, (await table.ReadRows(0, 0, Stop)).Reminders.Count);
    }

    [Fact]
    public async Task RemoveRow_AnswerLost_IsDone()
    {
        var table = Open();
        var grain = GrainId.Create("clock", "a");
        var etag = await table.UpsertRow(Entry(grain), Stop);
        _faults.Add(FaultKind.TimeoutWithEffect, "PutItem");
        Assert.True(await table.RemoveRow(grain, "r", etag!, Stop));
        Assert.Null(await table.ReadRow(grain, "r", Stop));
        Assert.Empty((await table.ReadRows(0, 0, Stop)).Reminders);
        Assert.Equal(1, _faults.Injected[FaultKind.TimeoutWithEffect]);

        Assert.False(await table.RemoveRow(grain, "r", etag!, Stop));
        var again = await table.UpsertRow(Entry(grain), Stop);
        Assert.Equal(again, (await table.ReadRow(grain, "r", Stop))!.ETag);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UpsertRow_ArrivesLate_ChangesNothing(bool isRemoved)
    {
        HeldRequests? network = null;
        await using var clients = await aws.ClientsAsync(inner => network = new HeldRequests(inner));
        var table = Open(_table, Service, clients);
        var grain = GrainId.Create("clock", "a");
        await table.ReadRow(grain, "r", Stop);
        network!.HoldNext = true;
        var etag = await table.UpsertRow(Entry(grain), Stop);
        var after = isRemoved ? null : await table.UpsertRow(Entry(grain), Stop);
        if (isRemoved) Assert.True(await table.RemoveRow(grain, "r", etag!, Stop));

        Assert.False(await network.ReleaseAsync());

        Assert.Equal(after, (await table.ReadRow(grain, "r", Stop))?.ETag);
    }

    [Fact]
    public async Task RemoveRow_ArrivesLate_LeavesTheNewReminder()
    {
        HeldRequests? network = null;
        await using var clients = await aws.ClientsAsync(inner => network = new HeldRequests(inner));
        var table = Open(_table, Service, clients);
        var grain = GrainId.Create("clock", "a");
        var etag = await table.UpsertRow(Entry(grain), Stop);
        network!.HoldNext = true;
        Assert.True(await table.RemoveRow(grain, "r", etag!, Stop));
        var again = await table.UpsertRow(Entry(grain), Stop);

        Assert.False(await network.ReleaseAsync());

        Assert.Equal(again, (await table.ReadRow(grain, "r", Stop))!.ETag);
    }

    [Fact]
    public async Task UpsertRow_ClockIsBehind_FollowsAllTheSame()
    {
        var (grain, behind) = (GrainId.Create("clock", "a"), new FakeTimeProvider(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await Open().UpsertRow(Entry(grain), Stop);
        var table = Open(_table, Service, _clients!, behind);

        var etag = await table.UpsertRow(Entry(grain), Stop);

        Assert.Equal(etag, (await table.ReadRow(grain, "r", Stop))!.ETag);
        Assert.True(await table.RemoveRow(grain, "r", etag!, Stop));
        Assert.Null(await table.ReadRow(grain, "r", Stop));
        Assert.Equal(await table.UpsertRow(Entry(grain), Stop), (await table.ReadRow(grain, "r", Stop))!.ETag);
    }

    [Fact]
    public async Task Row_OfAnEarlierRelease_IsReadReplacedAndRemoved()
    {
        var (grain, table) = (GrainId.Create("clock", "a"), Open());
        var client = _clients!.GetRequiredService<IAmazonDynamoDB>();
        foreach (var isReplaced in new[] { true, false })
        {
            var item = new ReminderKeys(_table, Service).Of(grain, "r");
            (item["grain"], item["name"], item["start"]) = (new(grain.ToString()), new("r"), new("2031-05-04T03:02:01.0000000Z"));
            (item["period"], item["e"]) = (new() { N = "36000000000" }, new("old"));
            await client.PutItemAsync(_table, item, Stop);
            Assert.Equal("old", (await table.ReadRow(grain, "r", Stop))!.ETag);

            var etag = isReplaced ? await table.UpsertRow(Entry(grain), Stop) : "old";
            Assert.True(await table.RemoveRow(grain, "r", etag!, Stop));
            Assert.Null(await table.ReadRow(grain, "r", Stop));
        }
    }

    [Fact]
    public async Task TestOnlyClearTable_BatchesAreDoneInParts_LeavesNothing()
    {
        var table = Open();
        var grain = GrainId.Create("clock", "a");
        for (var number = 0; number < 40; number++) await table.UpsertRow(Entry(grain, $"r{number}"), Stop);
        _faults.Add(FaultKind.PartialBatch, "BatchWriteItem", times: 2);
        await table.TestOnlyClearTable(Stop);
        Assert.Empty((await table.ReadRows(0, 0, Stop)).Reminders);
        Assert.Equal(2, _faults.Injected[FaultKind.PartialBatch]);
    }

    [Fact]
    public async Task UpsertRow_InAnyCulture_KeepsTimesToTheTick()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { DateTimeFormat = { DateSeparator = "x", TimeSeparator = "y" }, NumberFormat = { NegativeSign = "minus" } };
        try
        {
            var entry = Entry(GrainId.Create("clock", "a"));
            (entry.StartAt, entry.Period) = (new DateTime(2031, 5, 4, 3, 2, 1, DateTimeKind.Utc).AddTicks(7), TimeSpan.FromTicks(36_000_000_001));
            await Open().UpsertRow(entry, Stop);
            var read = await Open().ReadRow(entry.GrainId, entry.ReminderName, Stop);
            Assert.Equal((entry.StartAt, entry.Period), (read!.StartAt, read.Period));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("a#b", "c")]
    [InlineData("a", "b#c")]
    [InlineData("a/b", "c%23")]
    public async Task ReadRow_NamesWithSeparators_AreTheirOwn(string key, string name)
    {
        var table = Open();
        var grain = GrainId.Create("clock", key);
        await table.UpsertRow(Entry(grain, name), Stop);
        Assert.Equal((grain, name), ((await table.ReadRows(grain, Stop)).Reminders.Single().GrainId, (await table.ReadRow(grain, name, Stop))!.ReminderName));
    }

    protected override IReminderTable Open(string service = Service) => Open(_table, service, _clients!);

    private static DynamoDBReminderTable Open(string table, string service, ServiceProvider clients, TimeProvider? time = null) => new(
        Options.Create(new DynamoDBReminderStorageOptions { TableName = table }),
        Options.Create(new ClusterOptions { ServiceId = service }),
        clients.GetRequiredService<IAmazonDynamoDB>(),
        time ?? TimeProvider.System);

    private static ReminderEntry Entry(GrainId grain, string name = "r") =>
        new() { GrainId = grain, ReminderName = name, StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromHours(1) };
}
