using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// The records of one append, keyed by the seq of the first. An item is never changed but to erase, and its number of records never: where it ends
/// is a fact for good, so that whoever has once seen an item end before seq N may write the item of seq N if that is not there, and nobody else can.
/// </summary>
/// <param name="FirstSeq">Seq of the first record.</param>
/// <param name="Count">How many records.</param>
/// <param name="Content">The records, packed; null when they lie in <paramref name="Groups"/>.</param>
/// <param name="Groups">Where records that are too large for the item lie.</param>
/// <param name="Erasures">How often something of it was erased.</param>
internal sealed record EntryItem(long FirstSeq, int Count, byte[]? Content, IReadOnlyList<PieceGroup> Groups, long Erasures)
{
    public const string CountName = "n";
    public const string ErasuresName = "e";
    private const string ContentName = "d";
    private const string GroupsName = "g";

    /// <summary>The seq after the last record.</summary>
    public long NextSeq => FirstSeq + Count;

    /// <summary>The item of entries that fit into it.</summary>
    public static EntryItem Of(RunKey run, IReadOnlyList<JournalEntry> entries, long erasures = 0) => new(
        entries[0].Seq,
        entries.Count,
        EntryContent.Encode(run, entries, KeyBytes(run) + (entries.Count > 1 ? 4 : 0)),
        [],
        erasures);

    public static EntryItem Decode(IReadOnlyDictionary<string, AttributeValue> item) => new(
        JournalKeys.FirstSeq(item.TextOf(DynamoDbTable.SortKey)),
        (int)(item.NumberOrNull(CountName) ?? 1),
        item.BlobOrNull(ContentName),
        item.TextOrNull(GroupsName) is { } groups ? PieceGroup.Decode(groups) : [],
        item.NumberOrNull(ErasuresName) ?? 0);

    public Dictionary<string, AttributeValue> Encode(RunKey run)
    {
        var item = new Dictionary<string, AttributeValue>
        {
            [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Run(run)),
            [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Entry(FirstSeq)),
        };
        if (Count > 1) item[CountName] = Item.Number(Count);
        if (Content is not null) item[ContentName] = Item.Blob(Content);
        if (Groups.Count > 0) item[GroupsName] = Item.Text(PieceGroup.Encode(Groups));
        if (Erasures > 0) item[ErasuresName] = Item.Number(Erasures);
        return item;
    }

    // Names count as well: pk, sk and d; keys are ASCII.
    private static int KeyBytes(RunKey run) => 5 + JournalKeys.Run(run).Length + JournalKeys.Entry(0).Length;
}
