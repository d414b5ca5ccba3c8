using AgentRuntime.Artifacts;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.AwsStore.Restore;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Restore;

/// <summary>A restore that ends at any request, before or after that has its effect, and is begun again. On DynamoDB Local.</summary>
public sealed class RestoredTablesTests(AwsStandIn aws, S3StandIn s3)
{
    private const int Runs = 5;
    private const int MaxRequests = 1_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TakeOverAsync_EndsAtEachRequest_PausesEachRunOnceAndIsDoneOnlyThen(bool hasEffect)
    {
        var copy = await RestoredAsync();
        var place = await copy.PlaceAsync();
        var deaths = 0;
        while (!await TryTakeOverAsync(place, new Death(deaths, hasEffect)))
        {
            // What died after its last effect had done everything.
            if (!(await copy.PlaceAsync()).IsRestored) break;
            Assert.True(++deaths < MaxRequests);
        }

        Assert.True(deaths > Runs, $"It died {deaths} times.");
        Assert.False((await copy.PlaceAsync()).IsRestored);
        await using var store = await RunStoreOfTest.OpenAsync(aws, new JournalTable(copy.Tables.Journal, place.Identity.OpenShards));
        var rows = (await store.Catalog.ListAsync(RunCast.Tenant, new AgentRuntime.Runs.Index.RunQuery(100), Stop)).Runs;
        Assert.Equal(Runs, rows.Count);
        foreach (var row in rows)
        {
            Assert.Equal(RunStatus.Paused, row.Status);
            var entries = await store.Journal.ReadAsync(row.Key, 0, int.MaxValue, int.MaxValue, Stop);
            Assert.Single(entries, entry => HeaderCodec.Decode(entry.Header).Alias == "run.restored");
            Assert.Null(RunChain.FindFault(row.Key, entries, null));
        }
    }

    private async Task<RestoredCopy> RestoredAsync()
    {
        using var folder = new ScratchFolder();
        var tables = await RestoredCopy.CreateAsync(aws, s3);
        await using var silo = await RunSilo.StartAsync(folder.Path, new RunScripts(), settings: await tables.ConfigurationAsync());
        await silo.SetUpAsync(RunCast.Tenant);
        for (var i = 0; i < Runs; i++)
        {
            var run = await silo.RunAsync(i % 2 == 0 ? Reply.CallingThenDone(RunCast.Pay) : _ => Task.FromResult(Reply.HandOver("What next?")));
            await Eventually.TrueAsync(async () => (await run.RowAsync()).Status is RunStatus.WaitingForInput or RunStatus.WaitingForApproval, "the run waits");
        }

        return await tables.CopyAsync();
    }

    private async Task<bool> TryTakeOverAsync(AwsPlace place, Death death)
    {
        var table = new JournalTable(place.Tables.Journal, place.Identity.OpenShards);
        await using var store = await RunStoreOfTest.OpenAsync(aws, table, death.Wrap, options => options.MaxAttempts = 1);
        var pause = new RestorePause(
            store.Journal, new EntryWriter(store.Services.GetService<IArtifactStore>()!), new RunRestored(place.Identity.ClusterId, TimeProvider.System.GetUtcNow()), TimeProvider.System);
        try
        {
            var (_, paused) = await ActivatorUtilities.CreateInstance<RestoredTables>(store.Services, pause, new Progress<WorkStep>()).TakeOverAsync(place, clusterId: null, Stop);
            Assert.Equal(Runs, paused);
            return true;
        }
        catch (AgentRuntimeException failure) when (failure.Code == ErrorCode.Unavailable)
        {
            return false;
        }
    }

    /// <summary>After so many requests nothing is sent any more, and no answer comes; of the last one there may be the effect.</summary>
    private sealed class Death(int requests, bool hasEffect)
    {
        private int _sent;

        public HttpMessageHandler Wrap(HttpMessageHandler inner) => new Handler(this, inner);

        private sealed class Handler(Death death, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var sent = Interlocked.Increment(ref death._sent);
                if (sent <= death.Requests) return await base.SendAsync(request, cancellationToken);
                if (sent == death.Requests + 1 && death.HasEffect) (await base.SendAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException("The process has ended.");
            }
        }

        private int Requests => requests;

        private bool HasEffect => hasEffect;
    }
}
