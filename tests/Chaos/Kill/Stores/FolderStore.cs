using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Chaos.Kill.Stores;

/// <summary>Everything in one data folder.</summary>
internal sealed class FolderStore(string folder) : ICampaignStore
{
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> OldEnvironment => Environment;

    public JournalTail Tail { get; } = new FolderTail(Path.Combine(folder, JournalDatabase.FileName));

    public Task<bool> IsDeclaredDeadAsync(int siloPort)
    {
        using var membership = RawConnection.Open(Path.Combine(folder, FolderLayout.Membership), readOnly: true);
        membership.Execute("PRAGMA busy_timeout = 2000");
        using var statement = membership.Get("SELECT status FROM silo WHERE address LIKE ? ORDER BY started_at DESC LIMIT 1")
            .Bind(1, FormattableString.Invariant($"%:{siloPort}@%"));
        return Task.FromResult(statement.Step() && (SiloStatus)statement.Number(0) == SiloStatus.Dead);
    }

    public StoredRuns Open()
    {
        var database = JournalDatabase.Open(folder);
        var artifacts = new FileArtifactStore(folder, new byte[32]);
        return new StoredRuns(new SqliteRunJournal(database), artifacts, async () =>
        {
            artifacts.Dispose();
            await database.DisposeAsync();
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
