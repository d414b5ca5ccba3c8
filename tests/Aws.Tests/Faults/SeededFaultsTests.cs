using System.Net;
using AgentRuntime.Aws.DynamoDb.Membership;
using AgentRuntime.Aws.DynamoDb.Reminders;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Aws.Tests.DynamoDb.GrainState;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.Faults;

/// <summary>
/// Every third request meets a fault of DynamoDB, and the SDK does not try again: all of them reach the providers and those who use them. On DynamoDB Local.
/// </summary>
public sealed class SeededFaultsTests(AwsStandIn aws, ITestOutputHelper output)
{
    private const double Share = 0.33;
    private const int MaxTries = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task State_OneWriter_IsNeverInConflictWithItself(int seed)
    {
        var plan = new FaultPlan(seed, Share);
        await using var store = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, plan), maxAttempts: 1);
        var state = new GrainState<Order>(new Order());
        for (var count = 1; count <= 150; count++)
        {
            state.State = new Order { Count = count };
            await InTheEndAsync(() => count % 20 == 0 ? store.ClearAsync(state) : store.WriteAsync(state), failure => failure is not InconsistentStateException);
            var read = await InTheEndAsync(() => store.ReadAsync());
            Assert.Equal((count % 20 == 0 ? 0 : count, state.ETag), (read.State!.Count, read.ETag));
        }

        Report(plan);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task State_FourWriters_LoseNothingAndWriteNothingTwice(int seed)
    {
        var plan = new FaultPlan(seed, Share);
        await using var store = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, plan), maxAttempts: 1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var state = await InTheEndAsync(() => store.ReadAsync());
            for (var number = 0; number < 25; number++)
            {
                var mark = $" {writer}.{number}";
                while (true)
                {
                    if (!(state.State!.Item ?? "").Contains($"{mark};", StringComparison.Ordinal)) state.State = new Order { Item = $"{state.State.Item}{mark};" };
                    try
                    {
                        await InTheEndAsync(() => store.WriteAsync(state), failure => failure is not InconsistentStateException);
                        break;
                    }
                    catch (InconsistentStateException)
                    {
                        state = await InTheEndAsync(() => store.ReadAsync());
                    }
                }
            }
        })));

        var marks = (await InTheEndAsync(() => store.ReadAsync())).State!.Item!.Split(';', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(100, marks.Distinct().Count());
        Assert.Equal(100, marks.Length);
        Report(plan);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Membership_FiveSilosJoin_EachOnceAndInOrder(int seed)
    {
        var plan = new FaultPlan(seed, Share);
        var name = $"{AwsStandIn.NewPrefix()}membership";
        await aws.CreateAsync(DynamoDbTable.Membership(name));
        await using var clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, plan), options => options.MaxAttempts = 1);
        var table = new DynamoDBMembershipTable(
            Options.Create(new DynamoDBClusteringOptions { TableName = name }),
            Options.Create(new ClusterOptions { ClusterId = "c" }),
            clients.GetRequiredService<IAmazonDynamoDB>(),
            TimeProvider.System);
        await InTheEndAsync(() => table.InitializeMembershipTableAsync(true, Stop));
        await Task.WhenAll(Enumerable.Range(1, 5).Select(number => Task.Run(async () =>
        {
            var entry = new MembershipEntry { SiloAddress = SiloAddress.New(IPAddress.Loopback, number, number), HostName = "h", SiloName = "s" };
            foreach (var status in new[] { SiloStatus.Joining, SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Dead })
            {
                entry.Status = status;
                await InTheEndAsync(() => SetAsync(table, entry));
            }
        })));

        var all = await InTheEndAsync(() => table.ReadAllAsync(Stop));
        Assert.Equal(5, all.Members.Count);
        Assert.All(all.Members, member => Assert.Equal((SiloStatus.Dead, "4"), (member.Item1.Status, member.Item2)));
        Assert.Equal(20, all.Version.Version);
        Report(plan);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Reminders_SetAndRemoved_AreAsTheyWereLeft(int seed)
    {
        var plan = new FaultPlan(seed, Share);
        var name = $"{AwsStandIn.NewPrefix()}reminders";
        await aws.CreateAsync(DynamoDbTable.Reminders(name));
        await using var clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, plan), options => options.MaxAttempts = 1);
        var table = new DynamoDBReminderTable(
            Options.Create(new DynamoDBReminderStorageOptions { TableName = name }),
            Options.Create(new ClusterOptions { ServiceId = "s" }),
            clients.GetRequiredService<IAmazonDynamoDB>(),
            TimeProvider.System);
        var dice = new Random(seed);
        var wanted = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        var grain = GrainId.Create("clock", "a");
        for (var change = 0; change < 100; change++)
        {
            var (reminder, period) = ($"r{dice.Next(10)}", TimeSpan.FromMinutes(change + 1));
            if (wanted.Remove(reminder))
            {
                await InTheEndAsync(async () =>
                {
                    if (await table.ReadRow(grain, reminder, Stop) is { } entry) Assert.True(await table.RemoveRow(grain, reminder, entry.ETag!, Stop));
                });
            }
            else
            {
                wanted[reminder] = period;
                await InTheEndAsync(() => table.UpsertRow(
                    new ReminderEntry { GrainId = grain, ReminderName = reminder, StartAt = DateTime.UnixEpoch, Period = period }, Stop));
            }

            var found = await InTheEndAsync(() => table.ReadRows(grain, Stop));
            Assert.Equal(wanted, found.Reminders.ToDictionary(entry => entry.ReminderName, entry => entry.Period).OrderBy(each => each.Key, StringComparer.Ordinal));
        }

        Report(plan);
    }

    // As the membership oracle does: reads, writes upon what it read, and begins anew when it was refused.
    private static async Task SetAsync(DynamoDBMembershipTable table, MembershipEntry entry)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var all = await table.ReadAllAsync(Stop);
            var mine = all.Members.SingleOrDefault(member => member.Item1.SiloAddress.Equals(entry.SiloAddress));
            if (mine?.Item1.Status == entry.Status) return;
            var isDone = mine is null
                ? await table.InsertRowAsync(entry, all.Version.Next(), Stop)
                : await table.UpdateRowAsync(entry, mine.Item2, all.Version.Next(), Stop);
            if (isDone) return;
        }

        throw new TimeoutException($"{entry.SiloAddress} was refused {MaxTries} times.");
    }

    private static Task InTheEndAsync(Func<Task> act, Func<Exception, bool>? isPassing = null) => InTheEndAsync(
        async () =>
        {
            await act();
            return 0;
        },
        isPassing);

    // Whoever uses a provider tries again; a promise that does not hold is no fault of AWS.
    private static async Task<T> InTheEndAsync<T>(Func<Task<T>> act, Func<Exception, bool>? isPassing = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (Exception failure) when (attempt < MaxTries && failure is not Xunit.Sdk.XunitException && isPassing?.Invoke(failure) != false)
            {
            }
        }
    }

    private void Report(FaultPlan plan)
    {
        output.WriteLine(string.Join(", ", plan.Injected.OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}")));
        Assert.All([FaultKind.Throttle, FaultKind.ServerError, FaultKind.TimeoutWithEffect, FaultKind.TimeoutWithoutEffect], kind => Assert.True(plan.Injected.GetValueOrDefault(kind) > 0, $"{kind} was never met."));
    }
}
