namespace AgentRuntime.Embedded.Reminders;

/// <summary>Where reminders are written down.</summary>
internal sealed class SqliteRemindersOptions
{
    /// <summary>Path of the database file. No default.</summary>
    public string DatabasePath { get; set; } = "";
}
