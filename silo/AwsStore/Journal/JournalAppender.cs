using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Appends. An append is one item, keyed by its first seq and written on condition that there is none. Whoever writes it has made sure that an
/// item ends just before that seq, and items never change where they end: so of all writers that know the same end one gets the next item, and a
/// writer that knows an older end finds the item that followed it. There are no gaps, no overlaps, and no clocks.
/// </summary>
internal sealed class JournalAppender(StoreRequests requests, JournalReader reader, EntryPieces pieces, KnownRuns known, JournalStore store)
{
    private readonly RunNumbers _numbers = new();

    /// <inheritdoc cref="IRunJournal.AppendAsync"/>
    public async Task<AppendResult> AppendAsync(JournalAppend append)
    {
        try
        {
            if (append.Start is null && !await EndsBeforeAsync(append)) return Fenced(append);
            var entry = await PrepareAsync(append);
            var result = append is { Start: null, Row: null, Snapshot: null, Inbox.Count: 0 }
                ? await PutAsync(append, entry)
                : await WriteAsync(append, entry);
            if (result is not AppendResult.Appended) await DiscardAsync(append, entry);
            return result;
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

    private async Task<bool> EndsBeforeAsync(JournalAppend append) =>
        known.EndsBefore(append.Run, append.ExpectedSeq)
        || (await reader.FindEntryBeforeAsync(append.Run, append.ExpectedSeq, CancellationToken.None))?.NextSeq == append.ExpectedSeq;

    private async Task<EntryItem> PrepareAsync(JournalAppend append)
    {
        if (append.Entries.Sum(static entry => (long)EntryBytes.Measure(entry)) <= EntryPieces.MaxBytes) return EntryItem.Of(append.Run, append.Entries);
        var groups = await pieces.PutAsync(append.Run, append.Entries);
        return new EntryItem(append.ExpectedSeq, append.Entries.Count, Content: null, groups, Erasures: 0);
    }

    /// <summary>An ordinary step: one item, nothing else.</summary>
    private async Task<AppendResult> PutAsync(JournalAppend append, EntryItem entry)
    {
        try
        {
            await requests.PutAsync(new PutItemRequest { TableName = store.Table.Name, Item = entry.Encode(append.Run), ConditionExpression = "attribute_not_exists(pk)" });
        }
        catch (ConditionalCheckFailedException)
        {
            return await ReadBackAsync(append, noAnswer: null);
        }
        catch (Exception failure) when (StoreFailures.IsNoAnswer(failure))
        {
            return await ReadBackAsync(append, failure);
        }

        return Appended(append, known.FindHead(append.Run));
    }

    /// <summary>A step that changes more than the records.</summary>
    private async Task<AppendResult> WriteAsync(JournalAppend append, EntryItem entry)
    {
        var patience = new Patience(store.Time);
        var number = append.Start is { } start ? _numbers.Next(start.StartedAt) : 0;
        var counter = PickCounter(append);
        var open = 0;
        if (counter is null) (_, open) = await store.Counters.FindRoomAsync(append.Run.Tenant, maxOpenRuns: 0);
        while (true)
        {
            if (counter is not { } counted) return await ReadBackAsync(append, noAnswer: null, new AppendResult.TooManyOpenRuns(open));
            var before = append.Row is null || append.Start is not null ? null : known.FindHead(append.Run) ?? await reader.FindHeadAsync(append.Run, CancellationToken.None);
            var after = append.Start is not null ? HeadItem.Of(append, number, counted) : append.Row is { } row ? before?.Change(row, entry.NextSeq - 1) : null;
            var plan = AppendPlan.Of(append, entry, before, after, _numbers.Next, store);
            try
            {
                await requests.WriteAsync(plan.Writes);
                return Appended(append, plan.Head ?? known.FindHead(append.Run));
            }
            catch (TransactionCanceledException refused)
            {
                switch (plan.WhyRefused(refused))
                {
                    case Refusal.Taken:
                        return await ReadBackAsync(append, noAnswer: null);
                    case Refusal.HeadChanged when append.Start is not null:
                        return await ReadBackAsync(append, noAnswer: null);
                    case Refusal.HeadChanged:
                        known.Forget(append.Run);
                        break;
                    case Refusal.Full:
                        (counter, open) = await store.Counters.FindRoomAsync(append.Run.Tenant, append.Start!.MaxOpenRuns);
                        break;
                    default:
                        if (append.Start is not null) counter = PickCounter(append);
                        break;
                }

                if (!await patience.TryWaitAsync()) throw StoreFailures.Busy(store.Table.Store, refused);
            }
            catch (Exception failure) when (StoreFailures.IsNoAnswer(failure))
            {
                return await ReadBackAsync(append, failure);
            }
        }
    }

    // A run that is closed when it starts is counted in any of them.
    private static int? PickCounter(JournalAppend append) =>
        append.Start is { } start && append.Row?.State != OpenState.Closed ? TenantCounters.Pick(start.MaxOpenRuns) : Random.Shared.Next(TenantCounters.Count);

    /// <summary>
    /// Finds out what became of the append: headers commit to random salts, so no two appends have the same. Whatever is read here is final, but
    /// that nothing is there after a request without an answer, which may still arrive.
    /// </summary>
    private async Task<AppendResult> ReadBackAsync(JournalAppend append, Exception? noAnswer, AppendResult? ifAbsent = null)
    {
        var found = await reader.FindEntryAsync(append.Run, append.ExpectedSeq, CancellationToken.None);
        if (found is null)
        {
            if (noAnswer is not null) throw StoreFailures.Unavailable(store.Table.Store, noAnswer);
            return ifAbsent ?? Fenced(append);
        }

        if (!await IsSameAsync(append, found)) return Fenced(append);
        return Appended(append, await reader.FindHeadAsync(append.Run, CancellationToken.None));
    }

    private async Task<bool> IsSameAsync(JournalAppend append, EntryItem found)
    {
        if (found.Count != append.Entries.Count) return false;
        var entries = new List<JournalEntry>();
        await reader.DecodeAsync(append.Run, found, from: 0, entries, CancellationToken.None);
        return entries.Zip(append.Entries).All(static pair => pair.First.Header.AsSpan().SequenceEqual(pair.Second.Header));
    }

    private async Task DiscardAsync(JournalAppend append, EntryItem entry)
    {
        foreach (var group in entry.Groups) await pieces.DeleteAsync(append.Run, group, group.Revision + 1);
    }

    private AppendResult.Appended Appended(JournalAppend append, HeadItem? head)
    {
        if (head?.Row.State == OpenState.Closed) known.Forget(append.Run);
        else known.Set(append.Run, append.ExpectedSeq + append.Entries.Count, head);
        return new AppendResult.Appended(head?.Row.RunNo ?? append.RunNo);
    }

    private AppendResult.Fenced Fenced(JournalAppend append)
    {
        known.Forget(append.Run);
        return new AppendResult.Fenced();
    }
}
