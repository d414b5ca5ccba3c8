using AgentRuntime.Aws.DynamoDb.Reminders;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws;

/// <summary>Keeps reminders in DynamoDB.</summary>
public static class DynamoDBRemindersExtensions
{
    /// <summary>
    /// Keeps the reminders of grains in a DynamoDB table, which must exist when the silo starts. A reminder whose registration has returned is durable, and
    /// whichever silo reads its range afterwards finds it.
    /// </summary>
    public static ISiloBuilder UseDynamoDBReminderService(this ISiloBuilder builder, Action<DynamoDBReminderStorageOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddReminders();
        var services = builder.Services.AddAws();
        services.AddOptions<DynamoDBReminderStorageOptions>()
            .Configure(options => configureOptions?.Invoke(options))
            .Validate(static options => !string.IsNullOrWhiteSpace(options.TableName), "DynamoDBReminderStorageOptions.TableName is empty; name a table.")
            .ValidateOnStart();
        services.AddSingleton<IReminderTable, DynamoDBReminderTable>();
        return builder;
    }
}
