using AgentRuntime.Common;
using AgentRuntime.Events;

namespace AgentRuntime.Grains.Tests.Events;

public sealed class EventBatchRulesTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    [Fact]
    public void Require_ABatchOfThePublisher_IsTaken() => EventBatchRules.Require(Batch(new RunEvents("run", "agent", [Event()])), Tenant);

    public static TheoryData<EventBatch> Wrong =>
    [
        Batch(new RunEvents("run", "agent", [Event()])) with { Tenant = TenantId.Parse("other") },
        Batch(),
        Batch(new RunEvents("Run!", "agent", [Event()])),
        Batch(new RunEvents("run", "agent", [Event() with { Seq = -1 }])),
        Batch(new RunEvents("run", "agent", [Event() with { HeaderHash = new byte[31] }])),
        Batch(new RunEvents("run", "agent", [Event() with { Type = "" }])),
        Batch(new RunEvents("run", "agent", [.. Enumerable.Repeat(Event(), EventBatch.MaxEvents + 1)])),
    ];

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Require_WhatNoPublisherMakes_IsRefused(EventBatch batch) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<AgentRuntimeException>(() => EventBatchRules.Require(batch, Tenant)).Code);

    private static EventBatch Batch(params RunEvents[] runs) => new(Tenant, runs);

    private static RunEvent Event() => new(0, EventTypes.RunStarted, DateTimeOffset.UnixEpoch, new byte[RunEvent.HashBytes]);
}
