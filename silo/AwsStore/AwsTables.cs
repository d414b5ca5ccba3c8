using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.AwsStore.Journal;

namespace AgentRuntime.AwsStore;

/// <summary>The tables of a cluster, by name.</summary>
internal sealed record AwsTables(string Prefix)
{
    public string Journal => $"{Prefix}journal";

    public string State => $"{Prefix}state";

    public string Membership => $"{Prefix}membership";

    public string Reminders => $"{Prefix}reminders";

    /// <summary>What to create.</summary>
    public IReadOnlyList<DynamoDbTable> All =>
    [
        new JournalTable(Journal).Definition, DynamoDbTable.GrainState(State), DynamoDbTable.Membership(Membership), DynamoDbTable.Reminders(Reminders),
    ];
}
