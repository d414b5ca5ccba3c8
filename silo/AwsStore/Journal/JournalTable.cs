using AgentRuntime.Aws.DynamoDb.Tables;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>The table of all runs: its name, and how many parts its index of open runs has. All silos of a cluster agree on both.</summary>
internal sealed record JournalTable(string Name, int OpenShards = JournalTable.DefaultOpenShards)
{
    /// <summary>Each part takes about 1,000 starts and ends of runs a second, and costs two reads a second while nothing happens.</summary>
    public const int DefaultOpenShards = 64;

    /// <summary>What is open, in parts: runs by what they wait for, approvals by when they expire.</summary>
    public const string OpenIndex = "open";

    public const string OpenPartition = "op";
    public const string OpenSort = "os";

    /// <summary>What a tenant has, in the order in which it came: runs, and approvals by their state.</summary>
    public const string ListedIndex = "listed";

    public const string ListedPartition = "lp";
    public const string ListedSort = "ls";

    /// <summary>What failures call it.</summary>
    public string Store => $"The run store (DynamoDB table {Name})";

    /// <summary>What to create.</summary>
    public DynamoDbTable Definition => new(Name)
    {
        Indexes =
        [
            new DynamoDbIndex(OpenIndex, OpenPartition, OpenSort),
            new DynamoDbIndex(ListedIndex, ListedPartition, ListedSort) { Projected = [HeadItem.Status, HeadItem.Agent] },
        ],
    };
}
