using System.Globalization;
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
    [InlineData("""{"a":1e99999999999}""", """{"a":1e99999999999}""", "")]
    [InlineData("""{"a":1e99999999999}""", """{"a":1e99999999998}""", "at/a 1e99999999999 1e99999999998")]
    public void Of_TwoTexts_NamesEachPlace(string? before, string? after, string expected) =>
        Assert.Equal(expected, string.Join('|', JsonDifference.Of("at", before, after).Select(change => $"{change.Part} {change.Contract} {change.Server}")));

    [Fact]
    public void Of_ManyDifferences_StopsAtTheBound()
    {
        var many = string.Join(',', Enumerable.Range(0, 1_000));
        Assert.Equal(McpChange.MaxChanges, JsonDifference.Of("at", "[]", $"[{many}]").Count);
    }

    // This is asked before every call of a tool that has changed. Looking for each member among all others would take minutes.
    [Theory]
    [InlineData("{", "\"k{0}\":{1}", "}")]
    [InlineData("[", "[{1}]", "]")]
    public async Task Of_ManyMembers_IsFoundAtOnce(string open, string item, string close)
    {
        var before = Text(last: 0);
        var after = Text(last: 1);

        var difference = Task.Run(() => JsonDifference.Of("at", before, after));

        Assert.Single(await difference.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));

        string Text(int last) => open + string.Join(',', Enumerable.Range(0, 100_000).Select(i => string.Format(
            CultureInfo.InvariantCulture, item, i, i < 99_999 ? "[0,[]]" : last))) + close;
    }
}
