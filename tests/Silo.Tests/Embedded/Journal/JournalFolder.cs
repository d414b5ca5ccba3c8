using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>A journal in a folder of one test.</summary>
internal sealed class JournalFolder : IAsyncDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();

    public JournalFolder() => Database = JournalDatabase.Open(_folder.Path);

    public JournalDatabase Database { get; }

    public IRunJournal Journal => new SqliteRunJournal(Database);

    public string Path => _folder.Path;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
