using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Lists;

namespace AgentRuntime.Silo.Tests.FrontDoor.Lists;

public sealed class FilterTextTests
{
    [Fact]
    public void Parse_Conditions_GivesThemInOrder() => Assert.Equal(
        [new FilterTerm("agent", "=", "a b"), new FilterTerm("definition.risk_scope", "!=", "CRITICAL"), new FilterTerm("create_time", ">=", "2026-03-01T00:00:00+01:00")],
        FilterText.Parse("""agent = "a b"  AND definition.risk_scope!=CRITICAL AND create_time >= "2026-03-01T00:00:00+01:00" """));

    [Fact]
    public void Parse_Nothing_GivesNone() => Assert.Empty(FilterText.Parse(""));

    [Theory]
    [InlineData(" ")]
    [InlineData("agent")]
    [InlineData("agent = ")]
    [InlineData("agent = \"x")]
    [InlineData("agent = \"x\\\"y\"")]
    [InlineData("agent = x AND")]
    [InlineData("agent = x AND ")]
    [InlineData("agent = x OR state = y")]
    [InlineData("agent = x state = y")]
    [InlineData("NOT agent = x")]
    [InlineData("agent : x")]
    [InlineData("agent = x) OR (1 = 1")]
    [InlineData("a=1 AND a=1 AND a=1 AND a=1 AND a=1 AND a=1 AND a=1 AND a=1 AND a=1")]
    public void Parse_WhatCannotBeRead_NamesTheFilter(string filter) =>
        Assert.Equal("filter", Assert.Throws<InvalidInputException>(() => FilterText.Parse(filter)).Field);

    [Fact]
    public void Parse_TooLong_IsRefused() =>
        Assert.Equal("filter", Assert.Throws<InvalidInputException>(() => FilterText.Parse($"agent = \"{new string('x', 1_000)}\"")).Field);
}
