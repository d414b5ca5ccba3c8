using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>Reads runs, strongly consistent.</summary>
internal sealed class JournalReader(StoreRequests requests, EntryPieces pieces, JournalTable table)
{
    // Most runs are shorter, so that one request reads them whole; of a longer one that has a snapshot this much is read in vain.
    private const int FirstPage = 64;
    private const int MaxPage = 256;
    private const int MaxLoads = 4;

    public async Task<HeadItem?> FindHeadAsync(RunKey run, CancellationToken cancellation) =>
        await requests.GetAsync(table.Name, Key(run, JournalKeys.Head), cancellation) is { } item ? HeadItem.Decode(item) : null;

    /// <summary>The item of the append whose first record has a seq.</summary>
    public async Task<EntryItem?> FindEntryAsync(RunKey run, long firstSeq, CancellationToken cancellation) =>
        await requests.GetAsync(table.Name, Key(run, JournalKeys.Entry(firstSeq)), cancellation) is { } item ? EntryItem.Decode(item) : null;

    /// <summary>The item with the last append that begins before <paramref name="seq"/>.</summary>
    public async Task<EntryItem?> FindEntryBeforeAsync(RunKey run, long seq, CancellationToken cancellation)
    {
        if (seq <= 0) return null;
        var query = Query(run, JournalKeys.Entry(0), JournalKeys.Entry(seq - 1), limit: 1);
        query.ScanIndexForward = false;
        return (await requests.QueryAsync(query, cancellation)).Items is [var item] ? EntryItem.Decode(item) : null;
    }

    /// <summary>The records of the last append.</summary>
    public async Task<List<JournalEntry>> ReadNewestAsync(RunKey run, CancellationToken cancellation)
    {
        var entries = new List<JournalEntry>();
        var item = await FindEntryBeforeAsync(run, JournalKeys.MaxSeq, cancellation) ?? throw new InvalidDataException($"run {run} has a head and no records");
        await DecodeAsync(run, item, from: 0, entries, cancellation);
        return entries;
    }

    /// <summary>Head, newest snapshot, and the records after that.</summary>
    /// <exception cref="TimeoutException">The run changed faster than it could be read.</exception>
    public async Task<(HeadItem Head, LoadedRun Run)?> LoadAsync(RunKey run, CancellationToken cancellation)
    {
        for (var load = 0; load < MaxLoads; load++)
        {
            var page = await requests.QueryAsync(Query(run, JournalKeys.Head, JournalKeys.AfterEntries, FirstPage), cancellation);
            if (page.Items is not [var first, ..] || first.TextOf(DynamoDbTable.SortKey) != JournalKeys.Head) return null;
            var head = HeadItem.Decode(first);
            var snapshot = page.Items.Count > 1 && page.Items[1].TextOf(DynamoDbTable.SortKey) == JournalKeys.Snapshot ? SnapshotItem.Decode(page.Items[1]) : null;
            var entries = new List<JournalEntry>();
            var items = snapshot is null
                ? page.Items.Skip(1).ToAsyncEnumerable().Concat(FollowAsync(run, page, cancellation))
                : FindAsync(Query(run, JournalKeys.Entry(snapshot.Seq + 1), JournalKeys.AfterEntries, MaxPage), cancellation);
            await foreach (var item in items) await DecodeAsync(run, EntryItem.Decode(item), from: 0, entries, cancellation);
            var lastSeq = entries.Count > 0 ? entries[^1].Seq : snapshot?.Seq ?? -1;
            // Items are read one after the other: a record may be newer than the head that was read before it, and close the run. The head that is read
            // after them may be newer than they are, which it says itself.
            if (head.Row.State != OpenState.Closed) head = await FindHeadAsync(run, cancellation) ?? head;
            if (lastSeq >= head.LastSeq) return (head, new LoadedRun(head.Row, snapshot?.State, snapshot?.Seq ?? -1, entries));
        }

        throw new TimeoutException($"run {run} changed {MaxLoads} times while it was read");
    }

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation)
    {
        var found = new List<JournalEntry>();
        if (maxRecords <= 0) return found;
        var isFirst = true;
        var query = Query(run, JournalKeys.Entry(fromSeq), JournalKeys.AfterEntries, Math.Min(maxRecords, MaxPage));
        await foreach (var item in FindAsync(query, cancellation).Select(EntryItem.Decode))
        {
            if (isFirst && item.FirstSeq != fromSeq && !await TakeCoveringAsync()) return found;
            isFirst = false;
            if (!await TakeAsync(item)) return found;
        }

        if (isFirst) await TakeCoveringAsync();
        return found;

        // A seq in the middle of an append lies in the item before.
        async Task<bool> TakeCoveringAsync() =>
            await FindEntryBeforeAsync(run, fromSeq, cancellation) is not { } before || before.NextSeq <= fromSeq || await TakeAsync(before);

        async Task<bool> TakeAsync(EntryItem item)
        {
            var entries = new List<JournalEntry>();
            await DecodeAsync(run, item, Math.Max(fromSeq, item.FirstSeq), entries, cancellation, maxRecords - found.Count, maxBytes);
            foreach (var entry in entries)
            {
                if (found.Count == maxRecords || maxBytes <= 0) return false;
                found.Add(entry);
                maxBytes -= entry.Header.Length + (entry.Seal?.Length ?? 0);
            }

            return found.Count < maxRecords && maxBytes > 0;
        }
    }

    /// <summary>Adds the records of an item from a seq on. Groups are read while fewer than so many records and bytes were added.</summary>
    public async Task DecodeAsync(
        RunKey run, EntryItem item, long from, List<JournalEntry> entries, CancellationToken cancellation, int maxRecords = int.MaxValue, long maxBytes = long.MaxValue)
    {
        if (item.Content is { } content)
        {
            entries.AddRange(EntryContent.Decode(run, content, item.FirstSeq, item.Count).Where(entry => entry.Seq >= from));
            return;
        }

        var before = entries.Count;
        foreach (var group in item.Groups.Where(group => group.FirstSeq + group.Count > from))
        {
            if (entries.Count - before >= maxRecords || maxBytes <= 0) return;
            foreach (var entry in (await ReadGroupAsync(run, item, group, cancellation)).Entries.Where(entry => entry.Seq >= from))
            {
                entries.Add(entry);
                maxBytes -= entry.Header.Length + (entry.Seal?.Length ?? 0);
            }
        }
    }

    /// <summary>The entries of a group of an item, and the group that they were read of: another than was asked for where a record of it has been erased since the item was read.</summary>
    /// <exception cref="InvalidDataException">Pieces are missing.</exception>
    public async Task<(PieceGroup Group, List<JournalEntry> Entries)> ReadGroupAsync(RunKey run, EntryItem item, PieceGroup group, CancellationToken cancellation)
    {
        for (var load = 1; ; load++)
        {
            if (await pieces.TryReadAsync(run, group, cancellation) is { } entries) return (group, entries);
            var now = (await FindEntryAsync(run, item.FirstSeq, cancellation))?.Groups.FirstOrDefault(each => each.FirstSeq == group.FirstSeq);
            if (now is null || now == group || load == MaxLoads) throw new InvalidDataException($"run {run}: of record {group.FirstSeq} pieces are missing");
            group = now;
        }
    }

    private IAsyncEnumerable<Dictionary<string, AttributeValue>> FollowAsync(RunKey run, QueryResponse page, CancellationToken cancellation)
    {
        if (page.LastEvaluatedKey is not { Count: > 0 } last) return AsyncEnumerable.Empty<Dictionary<string, AttributeValue>>();
        var query = Query(run, JournalKeys.Head, JournalKeys.AfterEntries, MaxPage);
        query.ExclusiveStartKey = last;
        return FindAsync(query, cancellation);
    }

    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> FindAsync(
        QueryRequest query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            foreach (var item in page.Items) yield return item;
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
    }

    private QueryRequest Query(RunKey run, string first, string last, int limit) => new()
    {
        TableName = table.Name,
        ConsistentRead = true,
        Limit = limit,
        KeyConditionExpression = "pk = :p AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues = new() { [":p"] = Item.Text(JournalKeys.Run(run)), [":first"] = Item.Text(first), [":last"] = Item.Text(last) },
    };

    private static Dictionary<string, AttributeValue> Key(RunKey run, string sort) =>
        new() { [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Run(run)), [DynamoDbTable.SortKey] = Item.Text(sort) };
}
