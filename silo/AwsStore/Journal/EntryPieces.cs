using System.Globalization;
using System.Security.Cryptography;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Records that are too large for one item. Their pieces are written before the item that names them, which is what makes them exist, and are of
/// no use to anybody when that is refused.
/// </summary>
internal sealed class EntryPieces(StoreRequests requests, JournalTable table)
{
    /// <summary>An item has at most 400 KB, keys, names and heads of groups included.</summary>
    public const int MaxBytes = 350 * 1024;

    private const int MaxConcurrent = 8;
    private const string Content = "d";
    private const string Replaced = "b";

    // Two that erase in a group at once must not write over each other's pieces. A group has some thousand records, and each is erased once.
    private const int RevisionStep = 1 << 18;

    /// <summary>Writes the entries of an append and says where they are.</summary>
    public async Task<List<PieceGroup>> PutAsync(RunKey run, IReadOnlyList<JournalEntry> entries)
    {
        var groups = new List<PieceGroup>();
        for (var first = 0; first < entries.Count;)
        {
            var count = Fit(entries, first);
            var id = Convert.ToHexStringLower(SHA256.HashData(entries[first].Header).AsSpan(0, 8));
            groups.Add(await PutAsync(run, entries, first, count, id, revision: 0));
            first += count;
        }

        return groups;
    }

    /// <summary>Writes a group whose entries are <paramref name="entries"/> by now, beside the one that it replaces and beside what others write in its place.</summary>
    public Task<PieceGroup> ReplaceAsync(RunKey run, PieceGroup group, IReadOnlyList<JournalEntry> entries) =>
        PutAsync(run, entries, 0, entries.Count, group.Id, checked(group.Revision + 1 + Random.Shared.Next(RevisionStep)), replaced: group.Revision);

    /// <summary>The entries of a group; null when not all of its pieces are there.</summary>
    public async Task<List<JournalEntry>?> TryReadAsync(RunKey run, PieceGroup group, CancellationToken cancellation)
    {
        using var packed = new MemoryStream();
        var pieces = 0;
        await foreach (var item in FindAsync(run, PrefixOf(group), cancellation))
        {
            packed.Write(item.BlobOf(Content));
            pieces++;
        }

        if (pieces != group.Pieces) return null;
        return EntryBytes.Decode(Packed.Unpack(packed.GetBuffer().AsSpan(0, (int)packed.Length), int.MaxValue), group.FirstSeq, group.Count);
    }

    /// <summary>Deletes all revisions of a group before <paramref name="revision"/>, and those that were to replace one of them.</summary>
    public async Task DeleteAsync(RunKey run, PieceGroup group, int revision)
    {
        await foreach (var item in FindAsync(run, $"{group.Id}#", CancellationToken.None))
        {
            var sort = item.TextOf(DynamoDbTable.SortKey);
            var written = int.Parse(sort.Split('#')[1], NumberStyles.None, CultureInfo.InvariantCulture);
            // Who meant to replace an earlier one than this comes too late, and may have been killed before it deleted what it wrote.
            var isStale = written < revision || (written > revision && item.NumberOrNull(Replaced) < revision);
            if (!isStale) continue;
            await requests.DeleteAsync(new DeleteItemRequest { TableName = table.Name, Key = Key(run, sort) });
        }
    }

    /// <summary>Deletes the pieces of a group that no item names and none will.</summary>
    public async Task DiscardAsync(RunKey run, PieceGroup group)
    {
        await foreach (var item in FindAsync(run, PrefixOf(group), CancellationToken.None))
            await requests.DeleteAsync(new DeleteItemRequest { TableName = table.Name, Key = Key(run, item.TextOf(DynamoDbTable.SortKey)) });
    }

    private static string PrefixOf(PieceGroup group) => string.Create(CultureInfo.InvariantCulture, $"{group.Id}#{group.Revision:D3}#");

    private static int Fit(IReadOnlyList<JournalEntry> entries, int first)
    {
        var count = 1;
        for (long bytes = EntryBytes.Measure(entries[first]); first + count < entries.Count; count++)
        {
            bytes += EntryBytes.Measure(entries[first + count]);
            if (bytes > MaxBytes) break;
        }

        return count;
    }

    private async Task<PieceGroup> PutAsync(RunKey run, IReadOnlyList<JournalEntry> entries, int first, int count, string id, int revision, int? replaced = null)
    {
        var packed = Packed.Pack(EntryBytes.Encode(entries, first, count), others: 0);
        var group = new PieceGroup(entries[first].Seq, count, id, revision, (packed.Length + MaxBytes - 1) / MaxBytes);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, group.Pieces),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent },
            async (piece, _) =>
            {
                var item = Key(run, string.Create(CultureInfo.InvariantCulture, $"{id}#{revision:D3}#{piece:D5}"));
                if (replaced is { } before) item[Replaced] = Item.Number(before);
                item[Content] = Item.Blob([.. packed.AsSpan(piece * MaxBytes, Math.Min(MaxBytes, packed.Length - piece * MaxBytes))]);
                await requests.PutAsync(new PutItemRequest { TableName = table.Name, Item = item });
            });
        return group;
    }

    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> FindAsync(
        RunKey run, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new QueryRequest
        {
            TableName = table.Name,
            ConsistentRead = true,
            KeyConditionExpression = "pk = :p AND begins_with(sk, :s)",
            ExpressionAttributeValues = new() { [":p"] = Item.Text(JournalKeys.Pieces(run)), [":s"] = Item.Text(prefix) },
        };
        do
        {
            var page = await requests.QueryAsync(query, cancellation);
            foreach (var item in page.Items) yield return item;
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
    }

    private static Dictionary<string, AttributeValue> Key(RunKey run, string sort) =>
        new() { [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Pieces(run)), [DynamoDbTable.SortKey] = Item.Text(sort) };
}
