using AgentRuntime.Embedded.Sqlite;

namespace AgentRuntime.Embedded.GrainState;

internal static class GrainStateSchema
{
    // A cleared state keeps its row with no data: its version goes on growing, so an old etag never fits again.
    public static readonly SqliteSchema Value = new(
        ApplicationId: 0x41525331,
        Version: 1,
        """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY,
            service TEXT NOT NULL,
            store TEXT NOT NULL,
            name TEXT NOT NULL,
            grain TEXT NOT NULL,
            version INTEGER NOT NULL,
            data BLOB,
            UNIQUE (grain, name, store, service))
        """);
}
