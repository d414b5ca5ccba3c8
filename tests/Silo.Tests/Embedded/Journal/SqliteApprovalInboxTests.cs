using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

public sealed class SqliteApprovalInboxTests : ApprovalInboxConformance, IAsyncDisposable
{
    private readonly JournalFolder _folder = new();

    private protected override IRunJournal Journal => _folder.Journal;

    private protected override IApprovalInbox Inbox => new SqliteApprovalInbox(_folder.Database);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
