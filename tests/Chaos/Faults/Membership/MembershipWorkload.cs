using System.Net;
using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Membership;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Chaos.Faults.Membership;

/// <summary>Silos of one cluster that join, live, stop and are removed at once, round after round: each change counts once, and in order.</summary>
internal sealed class MembershipWorkload(FaultyAws aws, Oracle oracle) : IWorkload
{
    private const string Table = "faults-membership";
    private const int Silos = 4;
    private const int MaxRefusals = 500;
    private static readonly SiloStatus[] Life = [SiloStatus.Joining, SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Dead];

    private readonly List<ServiceProvider> _services = [];
    private readonly List<DynamoDBMembershipTable> _tables = [];
    private int _rounds;
    private long _operations;

    public string Name => "membership";

    public long Operations => Interlocked.Read(ref _operations);

    public async Task PrepareAsync()
    {
        await aws.CreateAsync(DynamoDbTable.Membership(Table));
        for (var silo = 0; silo < Silos; silo++)
        {
            _services.Add(aws.Connect().BuildServiceProvider());
            _tables.Add(Open("faults"));
        }
    }

    public async Task RunAsync(FaultTally faults)
    {
        await Again.UntilAnsweredAsync(() => _tables[0].InitializeMembershipTableAsync(true, CancellationToken.None));
        await Task.WhenAll(LiveAsync(faults), SweepAsync(faults));
    }

    public async Task CheckAsync()
    {
        var all = await _tables[0].ReadAllAsync(CancellationToken.None);
        oracle.Require(all.Version.Version == _rounds * Silos * Life.Length, "membership_version", $"the cluster has version {all.Version.Version} after {_rounds * Silos * Life.Length} changes");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services) await services.DisposeAsync();
    }

    private async Task LiveAsync(FaultTally faults)
    {
        while (!faults.IsEnough) await oracle.StepAsync(Name, LiveAsync);
    }

    /// <summary>Another cluster, whose silos are dead from the first: all that happens there is that they are removed.</summary>
    private async Task SweepAsync(FaultTally faults)
    {
        var table = Open("swept");
        await Again.UntilAnsweredAsync(() => table.InitializeMembershipTableAsync(true, CancellationToken.None));
        for (var sweep = 1; !faults.IsEnough; sweep++)
        {
            var generation = sweep;
            await oracle.StepAsync(Name, async () =>
            {
                foreach (var number in Enumerable.Range(1, Silos))
                    await Again.UntilAnsweredAsync(() => SetAsync(table, Entry(number, generation, SiloStatus.Dead)));
                await Again.UntilAnsweredAsync(() => table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.MaxValue, CancellationToken.None));
                var left = (await Again.UntilAnsweredAsync(() => table.ReadAllAsync(CancellationToken.None))).Members.Count(member => member.Item1.SiloAddress.Generation == generation);
                oracle.Require(left == 0, "membership_not_removed", $"{left} dead silos of sweep {generation} are still there");
            });
            Interlocked.Increment(ref _operations);
        }
    }

    private async Task LiveAsync()
    {
        _rounds++;
        await Task.WhenAll(_tables.Select((table, number) => LiveAsync(table, number + 1)));
        var all = await Again.UntilAnsweredAsync(() => _tables[0].ReadAllAsync(CancellationToken.None));
        var mine = OfThisRound(all);
        var areRight = mine.Count == Silos && mine.All(member => member.Item1.Status == SiloStatus.Dead && member.Item2 == $"{Life.Length}");
        oracle.Require(areRight, "membership_lost", $"{string.Join(' ', mine.Select(member => $"{member.Item1.Status}/{member.Item2}"))} after a round");
        oracle.Require(all.Version.Version == _rounds * Silos * Life.Length, "membership_version", $"the cluster has version {all.Version.Version} after {_rounds * Silos * Life.Length} changes");
        await Again.UntilAnsweredAsync(() => _tables[0].CleanupDefunctSiloEntriesAsync(DateTimeOffset.MaxValue, CancellationToken.None));
        var left = OfThisRound(await Again.UntilAnsweredAsync(() => _tables[0].ReadAllAsync(CancellationToken.None))).Count;
        oracle.Require(left == 0, "membership_not_removed", $"{left} dead silos are still there");
    }

    private List<Tuple<MembershipEntry, string>> OfThisRound(MembershipTableData all) => [.. all.Members.Where(member => member.Item1.SiloAddress.Generation == _rounds)];

    private async Task LiveAsync(DynamoDBMembershipTable table, int number)
    {
        var entry = Entry(number, _rounds, SiloStatus.Joining);
        foreach (var status in Life)
        {
            entry.Status = status;
            await Again.UntilAnsweredAsync(() => SetAsync(table, entry));
            await Again.UntilAnsweredAsync(() => table.UpdateIAmAliveAsync(entry, CancellationToken.None));
            var own = (await Again.UntilAnsweredAsync(() => table.ReadRowAsync(entry.SiloAddress, CancellationToken.None))).Members;
            oracle.Require(own is [var row] && row.Item1.Status == status, "membership_lost", $"{entry.SiloAddress} is not {status}");
            Interlocked.Increment(ref _operations);
        }
    }

    private DynamoDBMembershipTable Open(string cluster) => new(
        Options.Create(new DynamoDBClusteringOptions { TableName = Table }), Options.Create(new ClusterOptions { ClusterId = cluster }),
        _services[^1].GetRequiredService<IAmazonDynamoDB>(), TimeProvider.System);

    private static MembershipEntry Entry(int number, int generation, SiloStatus status) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, number, generation), Status = status, HostName = "h", SiloName = "s", StartTime = DateTime.UnixEpoch, IAmAliveTime = DateTime.UnixEpoch,
    };

    // As the membership oracle does: reads, writes upon what it read, and begins anew when it was refused.
    private static async Task SetAsync(DynamoDBMembershipTable table, MembershipEntry entry)
    {
        for (var refusals = 0; refusals < MaxRefusals; refusals++)
        {
            var all = await table.ReadAllAsync(CancellationToken.None);
            var mine = all.Members.SingleOrDefault(member => member.Item1.SiloAddress.Equals(entry.SiloAddress));
            if (mine?.Item1.Status == entry.Status) return;
            var isDone = mine is null
                ? await table.InsertRowAsync(entry, all.Version.Next(), CancellationToken.None)
                : await table.UpdateRowAsync(entry, mine.Item2, all.Version.Next(), CancellationToken.None);
            if (isDone) return;
        }

        throw new InvalidOperationException($"{entry.SiloAddress} was refused {MaxRefusals} times.");
    }
}
