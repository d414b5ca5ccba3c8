using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>Changes heads without a record.</summary>
internal sealed class HeadChanger(StoreRequests requests, JournalReader reader, KnownRuns known, JournalStore store)
{
    /// <inheritdoc cref="IRunJournal.TryChangeRowAsync"/>
    public async Task<bool> TryChangeAsync(RunKey run, string? expectedOwner, RowChange change)
    {
        try
        {
            return await ChangeAsync(run, expectedOwner, change);
        }
        catch (InvalidDataException failure)
        {
            throw StoreFailures.Corrupted(store.Table.Store, failure);
        }
        catch (Exception failure) when (StoreFailures.IsNoAnswer(failure))
        {
            throw StoreFailures.Unavailable(store.Table.Store, failure);
        }
    }

    private async Task<bool> ChangeAsync(RunKey run, string? expectedOwner, RowChange change)
    {
        var patience = new Patience(store.Time);
        var lastSeq = known.FindLastSeq(run) ?? -1;
        known.Forget(run);
        while (true)
        {
            if (await reader.FindHeadAsync(run, CancellationToken.None) is not { } before || before.Row.State == OpenState.Closed || before.Row.Owner != expectedOwner) return false;
            var after = before.Change(change, Math.Max(before.LastSeq, lastSeq));
            try
            {
                await WriteAsync(before, after);
                return true;
            }
            catch (TransactionCanceledException refused)
            {
                if (await IsMadeAsync(after)) return true;
                if (!await patience.TryWaitAsync()) throw StoreFailures.Busy(store.Table.Store, refused);
            }
            catch (Exception failure) when (StoreFailures.IsNoAnswer(failure))
            {
                if (await IsMadeAsync(after)) return true;
                throw;
            }
        }
    }

    private Task WriteAsync(HeadItem before, HeadItem after)
    {
        var writes = new List<TransactWriteItem> { AppendPlan.PutHead(store.Table, before, after) };
        if (store.Counters.Change(before.Row, after.Row, after.Counter, maxOpenRuns: null) is { } counted) writes.Add(counted);
        if (after.Row.State == OpenState.Closed) writes.Add(AppendPlan.PutNote(store.Table, after));
        return requests.WriteAsync(writes);
    }

    // Our own change, whose answer was lost. One that another has followed already does not count: the caller reads the run again.
    private async Task<bool> IsMadeAsync(HeadItem after) =>
        await reader.FindHeadAsync(after.Row.Key, CancellationToken.None) is { } now && now.WriteId == after.WriteId;
}
