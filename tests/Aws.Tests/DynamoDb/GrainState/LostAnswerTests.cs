using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Orleans.Storage;

namespace AgentRuntime.Aws.Tests.DynamoDb.GrainState;

/// <summary>What an activation makes of writes whose answer never came. On DynamoDB Local.</summary>
public sealed class LostAnswerTests(AwsStandIn aws)
{
    [Fact]
    public async Task Write_AnswerLost_IsItsOwn()
    {
        var faults = new FaultPlan();
        await using var store = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, faults));
        var state = new GrainState<Order>(new Order { Count = 1 });
        foreach (var count in new[] { 1, 2, 3 })
        {
            faults.Add(FaultKind.TimeoutWithEffect, "PutItem");
            state.State = new Order { Count = count };
            await store.WriteAsync(state);
            Assert.Equal(count, (await store.ReadAsync()).State!.Count);
        }

        faults.Add(FaultKind.TimeoutWithEffect, "PutItem");
        await store.ClearAsync(state);
        Assert.False((await store.ReadAsync()).RecordExists);
        Assert.Equal(4, faults.Injected[FaultKind.TimeoutWithEffect]);
    }

    [Theory]
    [InlineData(FaultKind.TimeoutWithEffect)]
    [InlineData(FaultKind.TimeoutWithoutEffect)]
    internal async Task Write_NoAnswerAtAll_TheNextOneKnowsItsOwnHand(FaultKind kind)
    {
        var faults = new FaultPlan();
        await using var store = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, faults), maxAttempts: 1);
        var state = new GrainState<Order>(new Order());
        foreach (var count in new[] { 10, 20 })
        {
            // The first time nothing is stored yet, the second time something is; each time two writes in a row are in doubt.
            faults.Add(kind, "PutItem", times: 2);
            state.State = new Order { Count = count };
            await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync(state));
            state.State = new Order { Count = count + 1 };
            await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync(state));
            state.State = new Order { Count = count + 2 };
            await store.WriteAsync(state);
            Assert.Equal((count + 2, state.ETag), ((await store.ReadAsync()).State!.Count, (await store.ReadAsync()).ETag));
        }
    }

    [Fact]
    public async Task Write_InDoubtAndSomebodyElseWrote_IsRefused()
    {
        var faults = new FaultPlan();
        await using var store = await StateStore.CreateAsync(aws, inner => new FaultyHandler(inner, faults), maxAttempts: 1);
        var state = new GrainState<Order>(new Order { Count = 1 });
        await store.WriteAsync(state);
        faults.Add(FaultKind.TimeoutWithEffect, "PutItem");
        state.State = new Order { Count = 2 };
        await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync(state));
        var other = await store.ReadAsync();
        Assert.Equal(2, other.State!.Count);
        other.State = new Order { Count = 3 };
        await store.WriteAsync(other);

        state.State = new Order { Count = 4 };
        var refused = await Assert.ThrowsAsync<InconsistentStateException>(() => store.WriteAsync(state));
        Assert.Equal(other.ETag, refused.StoredEtag);
        Assert.Equal(state.ETag, refused.CurrentEtag);
        Assert.Equal(3, (await store.ReadAsync()).State!.Count);
    }

    [Fact]
    public async Task Write_ArrivesAfterTheNextOne_ChangesNothing()
    {
        HeldRequests? held = null;
        await using var store = await StateStore.CreateAsync(aws, inner => held = new HeldRequests(inner), maxAttempts: 1);
        var state = new GrainState<Order>(new Order { Count = 1 });
        await store.WriteAsync(state);
        held!.HoldNext = true;
        state.State = new Order { Count = 2 };
        await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync(state));
        state.State = new Order { Count = 3 };
        await store.WriteAsync(state);

        Assert.False(await held.ReleaseAsync());
        Assert.Equal((3, state.ETag), ((await store.ReadAsync()).State!.Count, (await store.ReadAsync()).ETag));
    }
}
