using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Embedded.Reminders;

internal static class SqliteRemindersExtensions
{
    /// <summary>Keeps the reminders of grains in a SQLite file that all silos of this host share.</summary>
    public static ISiloBuilder UseSqliteReminders(this ISiloBuilder silo, Action<SqliteRemindersOptions, IServiceProvider> configure)
    {
        silo.AddReminders();
        silo.Services.AddOptions<SqliteRemindersOptions>()
            .Configure(configure)
            .Validate(options => options.DatabasePath.Length > 0, "SqliteRemindersOptions.DatabasePath is empty; name a file.");
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return silo;
    }
}
