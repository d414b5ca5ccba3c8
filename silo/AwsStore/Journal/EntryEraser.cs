using AgentRuntime.AwsStore.Items;
using AgentRuntime.AwsStore.Requests;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>Destroys salts and payloads. Backups of the table, point-in-time recovery among them, keep what they hold until they expire.</summary>
internal sealed class EntryEraser(StoreRequests requests, JournalReader reader, EntryPieces pieces, JournalStore store)
{
    /// <inheritdoc cref="IRunJournal.EraseAsync"/>
    public async Task<bool> EraseAsync(RunKey run, long seq)
    {
        try
        {
            var patience = new Patience(store.Time);
            while (true)
            {
                try
                {
                    return await TryEraseAsync(run, seq);
                }
                catch (ConditionalCheckFailedException changed)
                {
                    // Another record of the item was erased meanwhile, or this one by an earlier attempt.
                    if (!await patience.TryWaitAsync()) throw StoreFailures.Busy(store.Table.Store, changed);
                }
            }
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

    private async Task<bool> TryEraseAsync(RunKey run, long seq)
    {
        if (await reader.FindEntryBeforeAsync(run, seq + 1, CancellationToken.None) is not { } item || item.NextSeq <= seq) return false;
        if (item.Content is null) return await EraseInGroupAsync(run, item, seq);
        var entries = new List<JournalEntry>();
        await reader.DecodeAsync(run, item, from: 0, entries, CancellationToken.None);
        if (TryRemove(entries, seq)) await PutAsync(run, item, EntryItem.Of(run, entries, item.Erasures + 1));
        return true;
    }

    private async Task<bool> EraseInGroupAsync(RunKey run, EntryItem item, long seq)
    {
        var groups = item.Groups.ToList();
        var at = groups.FindIndex(group => seq >= group.FirstSeq && seq < group.FirstSeq + group.Count);
        (groups[at], var entries) = await reader.ReadGroupAsync(run, item, groups[at], CancellationToken.None);
        if (TryRemove(entries, seq))
        {
            groups[at] = await pieces.ReplaceAsync(run, groups[at], entries);
            await PutAsync(run, item, item with { Groups = groups, Erasures = item.Erasures + 1 }, groups[at]);
        }

        // Also what an earlier attempt left that was killed before this line.
        await pieces.DeleteAsync(run, groups[at], groups[at].Revision);
        return true;
    }

    /// <summary>Puts an item that names a new group. What was written for nothing holds records that others erase, so it is deleted.</summary>
    private async Task PutAsync(RunKey run, EntryItem before, EntryItem after, PieceGroup written)
    {
        try
        {
            await PutAsync(run, before, after);
        }
        catch (ConditionalCheckFailedException)
        {
            // It may have been ours that changed it: the SDK sends again what was not answered.
            var now = await reader.FindEntryAsync(run, before.FirstSeq, CancellationToken.None);
            if (now?.Groups.Contains(written) == true) return;
            await pieces.DiscardAsync(run, written);
            throw;
        }
    }

    private static bool TryRemove(List<JournalEntry> entries, long seq)
    {
        var at = entries.FindIndex(entry => entry.Seq == seq);
        if (entries[at].Seal is null) return false;
        entries[at] = entries[at] with { Seal = null };
        return true;
    }

    private Task PutAsync(RunKey run, EntryItem before, EntryItem after) => requests.PutAsync(new PutItemRequest
    {
        TableName = store.Table.Name,
        Item = after.Encode(run),
        ConditionExpression = before.Erasures == 0 ? "attribute_exists(pk) AND attribute_not_exists(#e)" : "#e = :e",
        ExpressionAttributeNames = new() { ["#e"] = EntryItem.ErasuresName },
        ExpressionAttributeValues = before.Erasures == 0 ? null : new() { [":e"] = Item.Number(before.Erasures) },
    });
}
