using AgentRuntime.Mcp.Listing;

namespace AgentRuntime.Silo.Tests.Mcp.Listing;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{ "a" : 1.0 }""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "at/a 1 2")]
    [InlineData("""{"a":{"b/c":[1,2]}}""", """{"a":{"b/c":[1,3,4]}}""", "at/a/b~1c/1 2 3|at/a/b~1c/2  4")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2}""", "at/a 1 ")]
    [InlineData("""{"a":{}}""", """{"a":[]}""", "at/a {} []")]
    [InlineData("""{}""", null, "at {} ")]
    [InlineData(null, """{}""", "at  {}")]
    [InlineData(null, null, "")]
    public void Of_TwoTexts_NamesEachPlace(string? before, string? after, string expected) =>
        Assert.Equal(expected, string.Join('|', JsonDifference.Of("at", before, after).Select(change => $"{change.Part} {change.Contract} {change.Server}")));

    [Fact]
    public void Of_ManyDifferences_StopsAtTheBound()
    {
        var many = string.Join(',', Enumerable.Range(0, 1_000));
        Assert.Equal(McpChange.MaxChanges, JsonDifference.Of("at", "[]", $"[{many}]").Count);
    }
}
