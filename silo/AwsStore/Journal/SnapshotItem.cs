using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The newest snapshot of a run.</summary>
/// <param name="Seq">The record after which it stands.</param>
/// <param name="State">The state.</param>
internal sealed record SnapshotItem(long Seq, byte[] State)
{
    private const string SeqName = "q";
    private const string StateName = "d";

    /// <summary>The item; null when the state is too large for one. The older snapshot then stays, which costs a longer read and nothing else.</summary>
    public static Dictionary<string, AttributeValue>? TryEncode(RunKey run, long seq, byte[] state)
    {
        var packed = Packed.Pack(state, others: 0);
        return packed.Length > EntryPieces.MaxBytes ? null : new()
        {
            [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Run(run)),
            [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Snapshot),
            [SeqName] = Item.Number(seq),
            [StateName] = Item.Blob(packed),
        };
    }

    public static SnapshotItem Decode(IReadOnlyDictionary<string, AttributeValue> item) =>
        new(item.NumberOf(SeqName), Packed.Unpack(item.BlobOf(StateName), AppendSize.MaxBytes));
}
