using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Silo.Tests.Embedded.Retention;

public sealed class ExpiredRunsTests
{
    [Fact]
    public async Task IsWanted_LooksInTheIndex()
    {
        await using var bench = await StoreBench.OpenAsync();
        var plan = await bench.Store.Journal.Readers.ReadAsync(
            connection =>
            {
                using var statement = connection.Get($"EXPLAIN QUERY PLAN {ExpiredRuns.IsWantedSql}");
                return statement.Step() ? statement.Text(3) : "";
            },
            TestContext.Current.CancellationToken);
        Assert.Contains("records_by_artifact", plan, StringComparison.Ordinal);
    }
}
