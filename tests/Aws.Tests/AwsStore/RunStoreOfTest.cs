using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Journal;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore;

/// <summary>A run store on a table of its own in DynamoDB Local, as a process would see it; <see cref="OpenAsync"/> again is another process.</summary>
internal sealed class RunStoreOfTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RunStoreOfTest(ServiceProvider services) => _services = services;

    public IRunJournal Journal => _services.GetRequiredService<IRunJournal>();

    public IOpenRunIndex Index => _services.GetRequiredService<IOpenRunIndex>();

    public IRunCatalog Catalog => _services.GetRequiredService<IRunCatalog>();

    public IApprovalInbox Inbox => _services.GetRequiredService<IApprovalInbox>();

    public IServiceProvider Services => _services;

    public static async Task<RunStoreOfTest> CreateAsync(AwsStandIn aws)
    {
        var table = new JournalTable($"{AwsStandIn.NewPrefix()}journal", OpenShards: 16);
        await aws.CreateAsync(table.Definition);
        return await OpenAsync(aws, table);
    }

    public static async Task<RunStoreOfTest> OpenAsync(AwsStandIn aws, JournalTable table, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null, Action<AwsOptions>? configure = null, ServedRuns? served = null) =>
        new(new ServiceCollection().AddAws(await aws.OptionsAsync(wrap)).AddAws(configure).AddSingleton(served ?? ServedRuns.All).AddAwsRunStore(table).BuildServiceProvider());

    public JournalTable Table => _services.GetRequiredService<JournalTable>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
