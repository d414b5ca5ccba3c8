using AgentRuntime.Embedded.Sqlite;

namespace AgentRuntime.Embedded.Membership;

internal static class MembershipSchema
{
    public static readonly SqliteSchema Value = new(
        ApplicationId: 0x41524d31,
        Version: 1,
        """
        CREATE TABLE cluster (id TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE silo (
            cluster TEXT NOT NULL,
            address TEXT NOT NULL,
            etag INTEGER NOT NULL,
            status INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            alive_at INTEGER NOT NULL,
            details TEXT NOT NULL,
            PRIMARY KEY (cluster, address)) WITHOUT ROWID
        """);
}
