using AgentRuntime.Aws.DynamoDb.Tables;

namespace AgentRuntime.Testing.Aws;

/// <summary>dynalite in place of DynamoDB Local. Its tables have no time to live.</summary>
public sealed class DynaliteStandIn : AwsStandIn
{
    internal override Task CreateAsync(params DynamoDbTable[] tables) => base.CreateAsync([.. tables.Select(table => table with { HasTimeToLive = false })]);

    private protected override async Task<ServerProcess> StartAsync(string modules)
    {
        var server = await DynaliteServer.StartAsync(modules);
        Assert.SkipWhen(server is null, "dynalite needs Node.js 22.5. Install it.");
        return server!;
    }
}
