namespace AgentRuntime.Aws;

/// <summary>Where reminders are written down.</summary>
public sealed class DynamoDBReminderStorageOptions
{
    /// <summary>The default of <see cref="TableName"/>.</summary>
    public const string DefaultTableName = "orleans-reminders";

    /// <summary>The table; several services may share one. It must exist.</summary>
    public string TableName { get; set; } = DefaultTableName;
}
