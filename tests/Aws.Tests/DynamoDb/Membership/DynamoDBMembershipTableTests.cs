using System.Net;
using AgentRuntime.Aws.DynamoDb.Membership;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Aws.Tests.DynamoDb.Membership;

/// <summary>On DynamoDB Local.</summary>
public sealed class DynamoDBMembershipTableTests(AwsStandIn aws) : MembershipTableConformance, IAsyncLifetime
{
    private readonly string _table = $"{AwsStandIn.NewPrefix()}membership";
    private readonly FaultPlan _faults = new();
    private ServiceProvider? _clients;

    private IAmazonDynamoDB Client => _clients!.GetRequiredService<IAmazonDynamoDB>();

    public async ValueTask InitializeAsync()
    {
        await aws.CreateAsync(DynamoDbTable.Membership(_table));
        _clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, _faults));
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task InsertRow_AnswerLost_IsOurs()
    {
        var table = await StartAsync();
        _faults.Add(FaultKind.TimeoutWithEffect, "TransactWriteItems");
        Assert.True(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        var all = await table.ReadAllAsync(Stop);
        Assert.Equal(1, all.Version.Version);
        _faults.Add(FaultKind.TimeoutWithEffect, "TransactWriteItems");
        Assert.True(await table.UpdateRowAsync(Entry(1), all.Members.Single().Item2, all.Version.Next(), Stop));
        Assert.Equal(2, (await table.ReadAllAsync(Stop)).Version.Version);
    }

    [Theory]
    [InlineData("TransactionConflict")]
    [InlineData("ThrottlingError")]
    public async Task InsertRow_NotDecided_IsTriedAgain(string code)
    {
        var cancels = 3;
        var table = await StartAsync(inner => new CancelledTransactions(inner, () => cancels-- > 0 ? code : null));
        Assert.True(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        Assert.Equal(-1, cancels);
    }

    [Fact]
    public async Task InsertRow_AlwaysInConflict_IsFalseInTheEnd()
    {
        var table = await StartAsync(inner => new CancelledTransactions(inner, () => "TransactionConflict"));
        Assert.False(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
    }

    [Fact]
    public async Task InsertRow_AlwaysThrottled_Fails()
    {
        var table = await StartAsync(inner => new CancelledTransactions(inner, () => "ThrottlingError"));
        var version = (await table.ReadAllAsync(Stop)).Version.Next();
        await Assert.ThrowsAsync<Amazon.DynamoDBv2.Model.TransactionCanceledException>(() => table.InsertRowAsync(Entry(1), version, Stop));
    }

    [Fact]
    public async Task DeleteMembershipTableEntries_BatchesAreDoneInParts_LeavesNothing()
    {
        var table = await StartAsync();
        for (var number = 1; number <= 30; number++)
            Assert.True(await table.InsertRowAsync(Entry(number), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        _faults.Add(FaultKind.PartialBatch, "BatchWriteItem", times: 3);
        await table.DeleteMembershipTableEntriesAsync(Cluster, Stop);
        Assert.Empty((await table.ReadAllAsync(Stop)).Members);
        Assert.Equal(3, _faults.Injected[FaultKind.PartialBatch]);
    }

    [Fact]
    public async Task ReadAll_OnManyPages_HoldsAllSilosAndTheVersion()
    {
        var table = await StartAsync(inner => new SmallPages(inner));
        for (var number = 1; number <= 5; number++)
            Assert.True(await table.InsertRowAsync(Entry(number), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        var all = await table.ReadAllAsync(Stop);
        Assert.Equal((5, 5), (all.Members.Count, all.Version.Version));
    }

    [Fact]
    public async Task UpdateIAmAlive_SiloWasRemoved_BringsNothingBack()
    {
        var table = await StartAsync();
        await table.UpdateIAmAliveAsync(Entry(1), Stop);
        Assert.Empty((await table.ReadAllAsync(Stop)).Members);
    }

    [Fact]
    public async Task Initialize_NoTable_NamesItAndTheCommand()
    {
        var table = Open($"{_table}-missing", Cluster, Client);
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => table.InitializeMembershipTableAsync(true, Stop));
        Assert.Contains($"{_table}-missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains("create-tables", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetGateways_AreTheActiveSilosWithAGateway()
    {
        var table = await StartAsync();
        var silos = new[] { (1, SiloStatus.Active, 30_001), (2, SiloStatus.Active, 0), (3, SiloStatus.Joining, 30_003), (4, SiloStatus.Active, 30_004) };
        foreach (var (number, status, gateway) in silos)
        {
            var entry = Entry(number);
            (entry.Status, entry.ProxyPort) = (status, gateway);
            Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        }

        var gateways = new DynamoDBGatewayList(
            Options.Create(new DynamoDBGatewayOptions { TableName = _table }),
            Options.Create(new ClusterOptions { ClusterId = Cluster }),
            Options.Create(new GatewayOptions()),
            Client);
        await gateways.InitializeGatewayListProviderAsync(Stop);
        Assert.Equal(["gwy.tcp://127.0.0.1:30001/1", "gwy.tcp://127.0.0.1:30004/4"], (await gateways.GetGatewaysAsync(Stop)).Select(uri => uri.ToString()).Order());
    }

    protected override IMembershipTable Open(string cluster = Cluster) => Open(_table, cluster, Client);

    private static DynamoDBMembershipTable Open(string table, string cluster, IAmazonDynamoDB client) => new(
        Options.Create(new DynamoDBClusteringOptions { TableName = table }), Options.Create(new ClusterOptions { ClusterId = cluster }), client, TimeProvider.System);

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 1000 + number, number),
        Status = SiloStatus.Active,
        HostName = "host",
        SiloName = $"silo-{number}",
        StartTime = DateTime.UnixEpoch,
        IAmAliveTime = DateTime.UnixEpoch,
    };

    private async Task<IMembershipTable> StartAsync(Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        var client = wrap is null ? Client : (await aws.ClientsAsync(wrap)).GetRequiredService<IAmazonDynamoDB>();
        var table = Open(_table, Cluster, client);
        await table.InitializeMembershipTableAsync(true, Stop);
        return table;
    }
}
