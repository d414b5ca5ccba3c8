using AgentRuntime.Agents;
using AgentRuntime.Aws.Tests.DynamoDb.GrainState;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Common;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.AwsStore.Requests;

/// <summary>On DynamoDB Local, which is made to throttle.</summary>
public sealed class GrainStatesTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly FaultPlan _faults = new();
    private StateStore? _states;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IGrainStorage Storage => new GrainStates(_states!.Open(), _states.Options.TableName);

    public async ValueTask InitializeAsync() => _states = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, _faults), maxAttempts: 1);

    public async ValueTask DisposeAsync()
    {
        if (_states is not null) await _states.DisposeAsync();
    }

    [Theory]
    [InlineData(FaultKind.Throttle)]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.TimeoutWithoutEffect)]
    internal async Task ReadStateAsync_TableIsBusyForLong_NeverEndsARun(FaultKind fault)
    {
        var streak = new FaultStreak();
        for (var tries = 0; tries < 3 * FaultStreak.MaxEqual; tries++)
        {
            _faults.Add(fault, "GetItem");
            var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => new DefinitionStore(Storage, StateStore.Grain).ReadAsync(1, Stop));

            Assert.Equal((ErrorCode.Unavailable, true), (failure.Code, failure.IsTransient));
            Assert.False(streak.Add(failure, hasProgressed: false));
        }
    }

    [Fact]
    public async Task WriteStateAsync_TableIsBusy_SaysTryAgain_AndThenSucceeds()
    {
        var state = new GrainState<Order>(new Order());
        _faults.Add(FaultKind.Throttle, "PutItem");
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => Storage.WriteStateAsync("order", StateStore.Grain, state));
        Assert.True(failure.IsTransient);

        await Storage.WriteStateAsync("order", StateStore.Grain, state);
        await Storage.ClearStateAsync("order", StateStore.Grain, state);
    }

    [Fact]
    public async Task WriteStateAsync_WrittenByAnother_StaysInconsistent()
    {
        await Storage.WriteStateAsync("order", StateStore.Grain, new GrainState<Order>(new Order()));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("order", StateStore.Grain, new GrainState<Order>(new Order())));
    }

    [Fact]
    public async Task ReadStateAsync_CallerHasLeft_IsCancelled()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage.ReadStateAsync("order", StateStore.Grain, new GrainState<Order>(), left.Token));
    }
}
