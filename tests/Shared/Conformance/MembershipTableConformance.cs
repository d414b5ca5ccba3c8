using System.Net;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every membership table must do, on a store of its own.</summary>
public abstract class MembershipTableConformance
{
    protected const string Cluster = "cluster-1";
    protected const string OtherCluster = "cluster-2";

    protected static readonly DateTime Epoch = new(2031, 5, 4, 3, 2, 1, DateTimeKind.Utc);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAll_NewTable_IsEmptyAtVersion0()
    {
        var table = await StartAsync();
        var all = await table.ReadAllAsync(Stop);
        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
        await table.InitializeMembershipTableAsync(true, Stop);
        Assert.Equal(all.Version, (await table.ReadAllAsync(Stop)).Version);
    }

    [Fact]
    public async Task InsertRow_ThenRead_GivesEveryFieldBack()
    {
        var table = await StartAsync();
        var entry = Entry(1, SiloStatus.Joining);
        entry.SuspectTimes = [Tuple.Create(Address(2), Epoch.AddSeconds(3))];
        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var read = await table.ReadRowAsync(entry.SiloAddress, Stop);
        var (found, etag) = Assert.Single(read.Members);
        Assert.Equal(entry.ToFullString(), found.ToFullString());
        Assert.Equal(entry.SuspectTimes, found.SuspectTimes);
        Assert.Equal((entry.HostName, entry.RoleName, entry.ProxyPort, entry.UpdateZone, entry.FaultZone), (found.HostName, found.RoleName, found.ProxyPort, found.UpdateZone, found.FaultZone));
        Assert.NotEmpty(etag);
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task ReadRow_UnknownSilo_GivesTheVersionAlone()
    {
        var table = await StartAsync();
        await InsertAsync(table, 1, SiloStatus.Active);
        var read = await table.ReadRowAsync(Address(9), Stop);
        Assert.Empty(read.Members);
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task InsertRow_SameSiloTwice_IsRefusedAndChangesNothing()
    {
        var table = await StartAsync();
        await InsertAsync(table, 1, SiloStatus.Active);
        var before = await table.ReadAllAsync(Stop);
        Assert.False(await table.InsertRowAsync(Entry(1, SiloStatus.Dead), before.Version.Next(), Stop));
        var after = await table.ReadAllAsync(Stop);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(SiloStatus.Active, after.Members.Single().Item1.Status);
    }

    [Fact]
    public async Task InsertRow_StaleVersion_IsRefused()
    {
        var table = await StartAsync();
        var stale = (await table.ReadAllAsync(Stop)).Version;
        await InsertAsync(table, 1, SiloStatus.Active);
        Assert.False(await table.InsertRowAsync(Entry(2, SiloStatus.Active), stale.Next(), Stop));
        Assert.Single((await table.ReadAllAsync(Stop)).Members);
    }

    [Fact]
    public async Task UpdateRow_StaleRowOrVersion_IsRefusedAndChangesNothing()
    {
        var table = await StartAsync();
        await InsertAsync(table, 1, SiloStatus.Joining);
        var first = await table.ReadAllAsync(Stop);
        var (entry, etag) = first.Members.Single();
        entry.Status = SiloStatus.Active;
        Assert.True(await table.UpdateRowAsync(entry, etag, first.Version.Next(), Stop));
        var second = await table.ReadAllAsync(Stop);

        entry.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRowAsync(entry, second.Members.Single().Item2, first.Version.Next(), Stop));
        Assert.False(await table.UpdateRowAsync(entry, etag, second.Version.Next(), Stop));
        Assert.False(await table.UpdateRowAsync(Entry(7, SiloStatus.Active), etag, second.Version.Next(), Stop));
        var last = await table.ReadAllAsync(Stop);
        Assert.Equal(second.Version, last.Version);
        Assert.Equal(SiloStatus.Active, last.Members.Single().Item1.Status);
    }

    [Fact]
    public async Task UpdateIAmAlive_LeavesBothEtagsUsable()
    {
        var table = await StartAsync();
        await InsertAsync(table, 1, SiloStatus.Active);
        var before = await table.ReadAllAsync(Stop);
        var (entry, etag) = before.Members.Single();
        await table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = Epoch.AddMinutes(1) }, Stop);
        Assert.Equal(before.Version, (await table.ReadAllAsync(Stop)).Version);

        // The writer read before the heartbeat; what it writes does not turn it back.
        Assert.True(await table.UpdateRowAsync(entry, etag, before.Version.Next(), Stop));
        Assert.Equal(Epoch.AddMinutes(1), (await table.ReadAllAsync(Stop)).Members.Single().Item1.IAmAliveTime);
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries_RemovesOnlyTheLongDead()
    {
        var table = await StartAsync();
        await InsertAsync(table, 1, SiloStatus.Dead, heard: Epoch.AddDays(-2));
        await InsertAsync(table, 2, SiloStatus.Dead, heard: Epoch);
        await InsertAsync(table, 3, SiloStatus.Active, heard: Epoch.AddDays(-2));
        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Epoch.AddDays(-1)), Stop);
        Assert.Equal([Address(2), Address(3)], (await table.ReadAllAsync(Stop)).Members.Select(row => row.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task DeleteMembershipTableEntries_RemovesOneClusterOnly()
    {
        var table = await StartAsync();
        var other = Open(OtherCluster);
        await other.InitializeMembershipTableAsync(true, Stop);
        await InsertAsync(table, 1, SiloStatus.Active);
        await InsertAsync(other, 2, SiloStatus.Active);
        await table.DeleteMembershipTableEntriesAsync(Cluster, Stop);
        await table.InitializeMembershipTableAsync(true, Stop);
        Assert.Empty((await table.ReadAllAsync(Stop)).Members);
        Assert.Equal(Address(2), Assert.Single((await other.ReadAllAsync(Stop)).Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task InsertRow_20WritersAtOnce_OneWinsEachVersion()
    {
        await StartAsync();
        var lost = 0;
        // All have read the same version before anybody writes.
        var read = (await Open().ReadAllAsync(Stop)).Version.Next();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(number => Task.Run(async () =>
        {
            // As many processes: each with a connection of its own.
            var own = Open();
            for (var version = read; !await own.InsertRowAsync(Entry(number, SiloStatus.Active), version, Stop); version = (await own.ReadAllAsync(Stop)).Version.Next())
            {
                Interlocked.Increment(ref lost);
            }
        })));
        var all = await Open().ReadAllAsync(Stop);
        Assert.Equal(20, all.Members.Count);
        Assert.Equal(20, all.Version.Version);
        Assert.True(lost >= 19, $"{lost} writers lost, but of 20 with the same version only one can win.");
    }

    /// <summary>A table of its own on the same data, as another process would have.</summary>
    protected abstract IMembershipTable Open(string cluster = Cluster);

    protected static async Task<SiloAddress> InsertAsync(IMembershipTable table, int number, SiloStatus status, DateTime? heard = null)
    {
        var entry = Entry(number, status);
        entry.StartTime = entry.IAmAliveTime = heard ?? Epoch;
        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        return entry.SiloAddress;
    }

    private static SiloAddress Address(int number) => SiloAddress.New(IPAddress.Loopback, 1000 + number, number);

    private static MembershipEntry Entry(int number, SiloStatus status) => new()
    {
        SiloAddress = Address(number),
        Status = status,
        HostName = "host",
        SiloName = $"silo-{number}",
        RoleName = "role",
        ProxyPort = 3,
        UpdateZone = 4,
        FaultZone = 5,
        StartTime = Epoch,
        IAmAliveTime = Epoch.AddSeconds(1),
        SuspectTimes = [],
    };

    private async Task<IMembershipTable> StartAsync()
    {
        var table = Open();
        await table.InitializeMembershipTableAsync(true, Stop);
        return table;
    }
}
