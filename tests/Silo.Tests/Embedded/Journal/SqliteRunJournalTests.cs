using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

public sealed class SqliteRunJournalTests : RunJournalConformance, IAsyncDisposable
{
    private readonly JournalFolder _folder = new();

    private protected override IRunJournal Journal => _folder.Journal;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
