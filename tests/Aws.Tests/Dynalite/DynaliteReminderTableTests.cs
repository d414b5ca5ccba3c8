using AgentRuntime.Aws.DynamoDb.Reminders;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Aws.Tests.Dynalite;

/// <summary>On dynalite.</summary>
public sealed class DynaliteReminderTableTests(DynaliteStandIn aws) : ReminderTableConformance, IAsyncLifetime
{
    private readonly string _table = $"{AwsStandIn.NewPrefix()}reminders";
    private ServiceProvider? _clients;

    public async ValueTask InitializeAsync()
    {
        await aws.CreateAsync(DynamoDbTable.Reminders(_table));
        _clients = await aws.ClientsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    protected override IReminderTable Open(string service = Service) => new DynamoDBReminderTable(
        Options.Create(new DynamoDBReminderStorageOptions { TableName = _table }),
        Options.Create(new ClusterOptions { ServiceId = service }),
        _clients!.GetRequiredService<IAmazonDynamoDB>(),
        TimeProvider.System);
}
