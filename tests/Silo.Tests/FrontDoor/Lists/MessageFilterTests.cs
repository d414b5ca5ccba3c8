using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Lists;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.Silo.Tests.FrontDoor.Lists;

public sealed class MessageFilterTests
{
    private static readonly string[] Fields = ["agent", "risk", "create_time"];

    private static readonly V1.Approval Found = new()
    {
        Agent = "tenants/acme/agents/payer",
        Risk = V1.RiskLevel.WriteHigh,
        CreateTime = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToTimestamp(),
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("agent = payer", true)]
    [InlineData("agent = \"tenants/acme/agents/payer\"", true)]
    [InlineData("agent = \"agents/payer\"", false)]
    [InlineData("agent = pay", false)]
    [InlineData("agent != payer", false)]
    [InlineData("risk = WRITE_HIGH", true)]
    [InlineData("risk = RISK_LEVEL_WRITE_HIGH", true)]
    [InlineData("risk = CRITICAL", false)]
    [InlineData("risk != CRITICAL", true)]
    [InlineData("create_time > 2026-03-01T12:00:00Z", false)]
    [InlineData("create_time >= 2026-03-01T12:00:00Z", true)]
    [InlineData("create_time < 2026-03-01T13:00:00+00:30", true)]
    [InlineData("create_time <= 2026-03-01T12:00:00Z", true)]
    [InlineData("agent = payer AND risk = CRITICAL", false)]
    [InlineData("agent = payer AND risk = WRITE_HIGH AND create_time > 2026-01-01", true)]
    public void Compile_Filter_HoldsOrNot(string filter, bool holds) =>
        Assert.Equal(holds, MessageFilter.Compile(filter, V1.Approval.Descriptor, Fields)(Found));

    [Fact]
    public void Compile_FieldOfAField_IsFollowed()
    {
        var agent = new V1.Agent { Definition = new V1.AgentDefinition { Model = "fast" } };
        Assert.True(MessageFilter.Compile("definition.model = fast", V1.Agent.Descriptor, "definition.model")(agent));
        Assert.False(MessageFilter.Compile("definition.model != fast", V1.Agent.Descriptor, "definition.model")(agent));
    }

    [Theory]
    [InlineData("tool = pay", "agent, risk, create_time")]
    [InlineData("agent > payer", "=, !=")]
    [InlineData("risk > WRITE", "=, !=")]
    [InlineData("risk = HUGE", "READ, WRITE, WRITE_HIGH, CRITICAL")]
    [InlineData("create_time > yesterday", "2026-03-01T00:00:00Z")]
    public void Compile_WhatThereIsNot_SaysWhatThereIs(string filter, string says)
    {
        var refused = Assert.Throws<InvalidInputException>(() => MessageFilter.Compile(filter, V1.Approval.Descriptor, Fields));
        Assert.Equal("filter", refused.Field);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
