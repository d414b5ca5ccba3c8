using AgentRuntime.Aws.Tests.AwsStore;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.Dynalite;

internal static class DynaliteRunStore
{
    /// <summary>A run store on dynalite whose transactions are split.</summary>
    public static async Task<RunStoreOfTest> CreateAsync(DynaliteStandIn aws)
    {
        var table = new JournalTable($"{AwsStandIn.NewPrefix()}journal", OpenShards: 16);
        await aws.CreateAsync(table.Definition);
        return await RunStoreOfTest.OpenAsync(aws, table, inner => new SplitTransactions(inner));
    }
}
