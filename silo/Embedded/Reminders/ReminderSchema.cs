using AgentRuntime.Embedded.Sqlite;

namespace AgentRuntime.Embedded.Reminders;

internal static class ReminderSchema
{
    public static readonly SqliteSchema Value = new(
        ApplicationId: 0x41525231,
        Version: 1,
        """
        CREATE TABLE reminder (
            service TEXT NOT NULL,
            grain TEXT NOT NULL,
            name TEXT NOT NULL,
            hash INTEGER NOT NULL,
            start_at INTEGER NOT NULL,
            period INTEGER NOT NULL,
            etag TEXT NOT NULL,
            PRIMARY KEY (service, grain, name)) WITHOUT ROWID;
        CREATE INDEX reminder_by_hash ON reminder (service, hash)
        """);
}
