using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Says that a run has ended and that subscribers may lack some of its records: written with its end, deleted once they have all. An item of its own,
/// because items without a condition are deleted by 25 in one request, while a head would cost one for each run.
/// </summary>
internal static class UnpublishedItem
{
    public static Dictionary<string, AttributeValue> Of(RunRow row, long lastSeq, int shards)
    {
        var item = Key(row.Key);
        var place = OpenPlace.OfEnded(row.Key, row.EndedAt ?? row.StartedAt, lastSeq, shards);
        item[JournalTable.OpenPartition] = Item.Text(place.Partition);
        item[JournalTable.OpenSort] = Item.Text(place.Sort);
        return item;
    }

    public static Dictionary<string, AttributeValue> Key(RunKey run) => new()
    {
        [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Run(run)), [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Unpublished),
    };
}
