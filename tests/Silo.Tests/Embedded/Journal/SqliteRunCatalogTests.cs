using AgentRuntime.Common;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

public sealed class SqliteRunCatalogTests : RunCatalogConformance, IAsyncDisposable
{
    private readonly JournalFolder _folder = new();

    private protected override IRunJournal Journal => _folder.Journal;

    private protected override IRunCatalog Catalog => new SqliteRunCatalog(_folder.Database);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task ListAsync_WhatNoIndexFinds_IsLookedForAmongABoundedNumber()
    {
        var oldest = NewRun();
        await Journal.AppendAsync(Start(oldest, maxOpenRuns: 100_000, row: Closed(RunStatus.Failed)));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, SqliteRunCatalog.MaxLookedAt),
            new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = TestContext.Current.CancellationToken },
            async (_, _) => await Journal.AppendAsync(Start(NewRun(), maxOpenRuns: 100_000)));
        var query = new RunQuery(10) { Agent = "triage", Status = RunStatus.Failed };

        var first = await Catalog.ListAsync(TenantId.Parse("acme"), query, TestContext.Current.CancellationToken);
        Assert.Empty(first.Runs);
        var second = await Catalog.ListAsync(TenantId.Parse("acme"), query with { After = first.Next }, TestContext.Current.CancellationToken);
        Assert.Equal(oldest, Assert.Single(second.Runs).Key);
        Assert.Null(second.Next);
    }
}
