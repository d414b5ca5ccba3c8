using AgentRuntime.Embedded.Sqlite;

namespace AgentRuntime.Demo.Tickets;

internal static class HelpdeskSchema
{
    public static readonly SqliteSchema Value = new(
        ApplicationId: 0x41525348,
        Version: 1,
        """
        CREATE TABLE IF NOT EXISTS ticket (
            id TEXT PRIMARY KEY COLLATE NOCASE,
            received TEXT NOT NULL,
            customer TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS label (
            ticket TEXT PRIMARY KEY COLLATE NOCASE,
            label TEXT NOT NULL,
            page TEXT,
            draft TEXT NOT NULL,
            call TEXT NOT NULL)
        """);
}
