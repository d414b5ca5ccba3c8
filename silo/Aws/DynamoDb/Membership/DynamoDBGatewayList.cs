using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>The gateways of one cluster, from its partition of the membership table.</summary>
internal sealed class DynamoDBGatewayList(
    IOptions<DynamoDBGatewayOptions> options, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways, IAmazonDynamoDB client) : IGatewayListProvider
{
    private readonly MembershipKeys _keys = new(options.Value.TableName, cluster.Value.ClusterId);

    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken) =>
        DynamoDbTables.CheckAsync(client, [DynamoDbTable.Membership(_keys.Table)], cancellationToken);

    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        var items = await client.AllAsync(_keys.Query(), cancellationToken);
        return [.. items.Where(static item => !MembershipKeys.IsVersion(item))
            .Select(static item => MembershipItem.Read(item).Entry)
            .Where(static silo => silo is { Status: SiloStatus.Active, ProxyPort: > 0 })
            .Select(static silo => SiloAddress.New(silo.SiloAddress.Endpoint.Address, silo.ProxyPort, silo.SiloAddress.Generation).ToGatewayUri())];
    }

    // Orleans still asks for these forms.
    Task IGatewayListProvider.InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(default);

    Task<IList<Uri>> IGatewayListProvider.GetGateways() => GetGatewaysAsync(default);
}
