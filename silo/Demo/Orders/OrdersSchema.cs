using AgentRuntime.Embedded.Sqlite;

namespace AgentRuntime.Demo.Orders;

internal static class OrdersSchema
{
    public static readonly SqliteSchema Value = new(
        ApplicationId: 0x4152534F,
        Version: 1,
        """
        CREATE TABLE IF NOT EXISTS purchase (
            number TEXT PRIMARY KEY,
            customer TEXT NOT NULL,
            placed TEXT NOT NULL,
            status TEXT NOT NULL,
            delivered TEXT,
            currency TEXT NOT NULL,
            total_cents INTEGER NOT NULL,
            items TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS refund (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            number TEXT NOT NULL UNIQUE REFERENCES purchase (number),
            amount_cents INTEGER NOT NULL,
            reason TEXT NOT NULL,
            at TEXT NOT NULL)
        """);
}
