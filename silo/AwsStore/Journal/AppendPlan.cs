using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The writes of one append, and why DynamoDB may refuse them.</summary>
/// <param name="Writes">All of them, the item of the records first.</param>
/// <param name="Head">The head after it; null when it stays.</param>
/// <param name="HeadAt">Which write is the head's; -1 for none.</param>
/// <param name="CounterAt">Which write is that of a counter; -1 for none.</param>
internal sealed record AppendPlan(List<TransactWriteItem> Writes, HeadItem? Head, int HeadAt, int CounterAt)
{
    private const string ConditionFailed = "ConditionalCheckFailed";

    /// <param name="append">The append.</param>
    /// <param name="entry">The item of its records.</param>
    /// <param name="before">The head before it, where it changes that.</param>
    /// <param name="after">The head after it; null when it stays.</param>
    /// <param name="number">Begins the numbers of the approvals.</param>
    /// <param name="store">Table and counters.</param>
    public static AppendPlan Of(JournalAppend append, EntryItem entry, HeadItem? before, HeadItem? after, Func<DateTimeOffset, long> number, JournalStore store)
    {
        var (table, counters) = (store.Table, store.Counters);
        var writes = new List<TransactWriteItem> { Put(table, entry.Encode(append.Run), "attribute_not_exists(pk)") };
        int headAt = -1, counterAt = -1;
        if (after is not null)
        {
            headAt = writes.Count;
            writes.Add(PutHead(table, before, after));
            if (counters.Change(before?.Row, after.Row, after.Counter, append.Start?.MaxOpenRuns) is { } change)
            {
                counterAt = writes.Count;
                writes.Add(change);
            }
        }

        if (after is { Row.State: OpenState.Closed }) writes.Add(PutNote(table, after));
        if (append.Snapshot is { } state && SnapshotItem.TryEncode(append.Run, entry.NextSeq - 1, state) is { } snapshot) writes.Add(Put(table, snapshot, condition: null));
        writes.AddRange(append.Inbox.Select(approval => ApprovalItem.Put(table.Name, append.Run.Tenant, approval, number(approval.CreatedAt))));
        if (append.Inbox.Count > 0) writes.Add(ApprovalItem.Grow(table.Name, append.Run.Tenant, append.Inbox.Count));
        return new AppendPlan(writes, after, headAt, counterAt);
    }

    /// <summary>The write of a head that follows another, or of a first one.</summary>
    public static TransactWriteItem PutHead(JournalTable table, HeadItem? before, HeadItem after)
    {
        var put = Put(table, after.Encode(table.OpenShards), before is null ? "attribute_not_exists(pk)" : "#v = :v");
        if (before is null) return put;
        put.Put.ExpressionAttributeNames = new() { ["#v"] = HeadItem.VersionName };
        put.Put.ExpressionAttributeValues = new() { [":v"] = Items.Item.Number(before.Version) };
        return put;
    }

    /// <summary>The write of the note that a run has ended, which goes with the head that says so.</summary>
    public static TransactWriteItem PutNote(JournalTable table, HeadItem ended) => Put(table, UnpublishedItem.Of(ended.Row, ended.LastSeq, table.OpenShards), condition: null);

    /// <summary>Why the writes were refused.</summary>
    public Refusal WhyRefused(TransactionCanceledException refused)
    {
        var reasons = refused.CancellationReasons ?? [];
        bool Failed(int at) => at >= 0 && at < reasons.Count && reasons[at].Code == ConditionFailed;
        if (Failed(0)) return Refusal.Taken;
        if (Failed(HeadAt)) return Refusal.HeadChanged;
        return Failed(CounterAt) ? Refusal.Full : Refusal.Busy;
    }

    private static TransactWriteItem Put(JournalTable table, Dictionary<string, AttributeValue> item, string? condition) =>
        new() { Put = new Put { TableName = table.Name, Item = item, ConditionExpression = condition } };
}

internal enum Refusal
{
    /// <summary>There is an item of that seq.</summary>
    Taken,

    /// <summary>The head is another one than was thought.</summary>
    HeadChanged,

    /// <summary>The counter has reached its part of the limit.</summary>
    Full,

    /// <summary>Another transaction was at work on one of the items, or there were too many requests.</summary>
    Busy,
}
