using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Items;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// The head of a run: its row, and what keeps changes of the row apart. It is always written whole, on condition of its version.
/// </summary>
/// <param name="Row">The row.</param>
/// <param name="Version">Grows by one with each change.</param>
/// <param name="WriteId">Of the change that made it: tells our own change from another's when the answer was lost.</param>
/// <param name="LastSeq">The last record when it was written; there may be more. A reader that finds fewer has read the head too early.</param>
/// <param name="Counter">Which of the tenant's counters counts the run.</param>
/// <param name="DataClasses">The classes of data that its agent handles.</param>
internal sealed record HeadItem(RunRow Row, long Version, string WriteId, long LastSeq, int Counter, IReadOnlyList<string> DataClasses)
{
    public const string Status = "st";
    public const string Agent = "a";
    public const string VersionName = "v";
    private const string State = "o";
    private const string Wake = "wa";
    private const string Owner = "ow";
    private const string Started = "s0";
    private const string Ended = "e0";
    private const string HeadHash = "hh";
    private const string Classes = "dc";
    private const string Number = "no";
    private const string Write = "w";
    private const string Last = "q";
    private const string CounterName = "c";

    private const char ClassSeparator = ',';

    /// <summary>The head of a run that starts.</summary>
    public static HeadItem Of(JournalAppend append, long number, int counter)
    {
        var start = append.Start!;
        var row = append.Row is { } change
            ? new RunRow(append.Run, number, start.Agent, change.Status, change.State, change.WakeAt, change.Owner, start.StartedAt, change.EndedAt, change.HeadHash)
            : new RunRow(append.Run, number, start.Agent, RunStatus.Running, OpenState.Runnable, null, start.Owner, start.StartedAt, null);
        return new HeadItem(row, 1, NewWriteId(), append.Entries.Count - 1, counter, start.DataClasses);
    }

    /// <summary>The head after a change that follows this one.</summary>
    public HeadItem Change(RowChange change, long? lastSeq = null) => this with
    {
        Row = Row with
        {
            Status = change.Status,
            State = change.State,
            WakeAt = change.WakeAt,
            Owner = change.Owner,
            EndedAt = change.EndedAt,
            HeadHash = change.HeadHash,
        },
        Version = Version + 1,
        WriteId = NewWriteId(),
        LastSeq = lastSeq ?? LastSeq,
    };

    public Dictionary<string, AttributeValue> Encode(int openShards)
    {
        var item = new Dictionary<string, AttributeValue>
        {
            [DynamoDbTable.PartitionKey] = Item.Text(JournalKeys.Run(Row.Key)),
            [DynamoDbTable.SortKey] = Item.Text(JournalKeys.Head),
            [Number] = Item.Number(Row.RunNo),
            [Agent] = Item.Text(Row.Agent),
            [Status] = Item.Number((long)Row.Status),
            [State] = Item.Number((long)Row.State),
            [Started] = Item.Number(Row.StartedAt.UtcTicks),
            [VersionName] = Item.Number(Version),
            [Write] = Item.Text(WriteId),
            [Last] = Item.Number(LastSeq),
            [CounterName] = Item.Number(Counter),
            [JournalTable.ListedPartition] = Item.Text(RunList.PartitionOf(Row.Key.Tenant)),
            [JournalTable.ListedSort] = Item.Text(RunList.SortOf(Row.RunNo)),
        };
        item.Add(Wake, Row.WakeAt?.UtcTicks);
        item.Add(Owner, Row.Owner);
        item.Add(Ended, Row.EndedAt?.UtcTicks);
        if (Row.HeadHash is { } hash) item[HeadHash] = Item.Blob(hash);
        if (DataClasses.Count > 0) item[Classes] = Item.Text(string.Join(ClassSeparator, DataClasses));
        if (OpenPlace.Of(Row, LastSeq, openShards) is not { } place) return item;
        item[JournalTable.OpenPartition] = Item.Text(place.Partition);
        item[JournalTable.OpenSort] = Item.Text(place.Sort);
        return item;
    }

    public static HeadItem Decode(IReadOnlyDictionary<string, AttributeValue> item) => new(
        new RunRow(
            JournalKeys.ParseRun(item.TextOf(DynamoDbTable.PartitionKey)),
            item.NumberOf(Number),
            item.TextOf(Agent),
            (RunStatus)item.NumberOf(Status),
            (OpenState)item.NumberOf(State),
            Time(item.NumberOrNull(Wake)),
            item.TextOrNull(Owner),
            Time(item.NumberOf(Started))!.Value,
            Time(item.NumberOrNull(Ended)),
            item.BlobOrNull(HeadHash)),
        item.NumberOf(VersionName),
        item.TextOf(Write),
        item.NumberOf(Last),
        (int)item.NumberOf(CounterName),
        item.TextOrNull(Classes)?.Split(ClassSeparator) ?? []);

    private static string NewWriteId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    private static DateTimeOffset? Time(long? ticks) => ticks is { } known ? new DateTimeOffset(known, TimeSpan.Zero) : null;
}
