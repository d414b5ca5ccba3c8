using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Sqlite;
using AgentRuntime.FrontDoor.Identity.AwsProofs;

namespace AgentRuntime.Embedded.Proofs;

/// <summary>Used proofs in a SQLite file that all silos of the folder share. What is written survives power loss.</summary>
internal sealed class SqliteUsedProofs : IUsedProofs, IDisposable
{
    private static readonly SqliteSchema Schema = new(
        ApplicationId: 0x41525034,
        Version: 1,
        """
        CREATE TABLE used (
            signature TEXT NOT NULL PRIMARY KEY,
            until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX used_by_until ON used (until)
        """);

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    public SqliteUsedProofs(DataFolder folder, TimeProvider time)
    {
        _file = SqliteFile.Open(folder.At(FolderLayout.UsedProofs), Schema, SqliteDurability.Power, time);
        _time = time;
    }

    public Task<bool> TryUseAsync(string signature, DateTimeOffset until) => _file.WriteAsync(sql =>
    {
        sql.Execute("DELETE FROM used WHERE until < $now", ("$now", _time.GetUtcNow().ToUnixTimeSeconds()));
        return sql.Execute("INSERT INTO used(signature, until) VALUES ($signature, $until) ON CONFLICT DO NOTHING", ("$signature", signature), ("$until", until.ToUnixTimeSeconds())) > 0;
    });

    public void Dispose() => _file.Dispose();
}
