using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Silo.Tests.Ports;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

public sealed class SqliteRunJournalTests : RunJournalConformance, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JournalDatabase _database;

    public SqliteRunJournalTests() => _database = JournalDatabase.Open(_folder.Path);

    private protected override IRunJournal Journal => new SqliteRunJournal(_database);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
