using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Proofs;
using AgentRuntime.Common;
using AgentRuntime.Testing.Aws;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Proofs;

public sealed class DynamoDbUsedProofsTests(AwsStandIn aws)
{
    private static readonly DateTimeOffset Until = new(2036, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _table = $"{AwsStandIn.NewPrefix()}state";

    [Fact]
    public async Task TryUseAsync_BySeveralSilos_CountsOnce()
    {
        await aws.CreateAsync(DynamoDbTable.GrainState(_table));
        await using var clients = await aws.ClientsAsync();
        var silos = Enumerable.Range(0, 8).Select(_ => Used(clients)).ToList();
        var counted = await Task.WhenAll(silos.Select(silo => silo.TryUseAsync("a", Until)));
        Assert.Single(counted, each => each);
        Assert.True(await Used(clients).TryUseAsync("b", Until));
        Assert.False(await Used(clients).TryUseAsync("b", Until));
    }

    [Fact]
    public async Task TryUseAsync_AnswerLost_IsFoundAgainByTheNextAttempt()
    {
        await aws.CreateAsync(DynamoDbTable.GrainState(_table));
        var faults = new FaultPlan().Add(FaultKind.TimeoutWithEffect, "PutItem");
        await using var clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, faults));
        Assert.True(await Used(clients).TryUseAsync("a", Until));
        Assert.False(await Used(clients).TryUseAsync("a", Until));
        Assert.Equal(1, faults.Injected[FaultKind.TimeoutWithEffect]);
    }

    [Fact]
    public async Task TryUseAsync_StoreDoesNotAnswer_IsUnavailable()
    {
        await aws.CreateAsync(DynamoDbTable.GrainState(_table));
        await using var clients = await aws.ClientsAsync(inner => new FaultyHandler(inner, new FaultPlan().Add(FaultKind.ServerError, "PutItem", times: 10)), options => options.MaxAttempts = 1);
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => Used(clients).TryUseAsync("a", Until));
        Assert.Equal((ErrorCode.Unavailable, true), (fault.Code, fault.IsTransient));
    }

    private DynamoDbUsedProofs Used(ServiceProvider clients) => new(clients.GetRequiredService<IAmazonDynamoDB>(), _table);
}
