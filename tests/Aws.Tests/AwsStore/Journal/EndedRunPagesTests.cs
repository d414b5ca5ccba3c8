using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>Runs that have ended and are not closed, more of them than a page has, on DynamoDB Local.</summary>
public sealed class EndedRunPagesTests(AwsStandIn aws)
{
    [Fact]
    public async Task FindEnded_MoreThanAPage_FindsAllOnceWhateverIsClosedMeanwhile()
    {
        await using var store = await RunStoreOfTest.CreateAsync(aws);
        var unpublished = store.Services.GetRequiredService<IUnpublishedRuns>();
        var ended = Enumerable.Range(0, 60).Select(_ => JournalSamples.NewRun()).ToHashSet();
        foreach (var run in ended) await store.Journal.AppendAsync(JournalSamples.Start(run, records: 2, row: JournalSamples.Closed()));

        var (pages, found) = (0, new List<RunMark>());
        await foreach (var page in unpublished.FindEndedAsync(PollerShare.Whole, 16, TestContext.Current.CancellationToken))
        {
            pages++;
            found.AddRange(page);
            if (page.Count > 0) await unpublished.CloseAsync([page[0].Run], TestContext.Current.CancellationToken);
        }

        Assert.True(pages > 1);
        Assert.Equal(60, found.Count);
        Assert.Equal(ended, found.Select(static mark => mark.Run).ToHashSet());
        Assert.All(found, static mark => Assert.Equal((1L, JournalSamples.Now), (mark.LastSeq, mark.EndedAt!.Value)));
    }
}
