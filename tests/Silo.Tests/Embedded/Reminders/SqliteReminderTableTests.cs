using AgentRuntime.Common;
using AgentRuntime.Embedded.Reminders;

namespace AgentRuntime.Silo.Tests.Embedded.Reminders;

public sealed class SqliteReminderTableTests : ReminderTableConformance
{
    [Fact]
    public async Task UpsertRow_ThenTheProcessIsGone_IsThere()
    {
        var table = new SqliteReminderTable(Folder.At("reminders.db"), "service-1", TimeProvider.System);
        await table.UpsertRow(new ReminderEntry { GrainId = GrainId.Create("clock", "a"), ReminderName = "r", StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromHours(1) }, Stop);

        // What a killed process leaves: the files as they are, with the log.
        File.Copy(Folder.At("reminders.db"), Folder.At("copy.db"));
        File.Copy(Folder.At("reminders.db-wal"), Folder.At("copy.db-wal"));
        using var copy = new SqliteReminderTable(Folder.At("copy.db"), "service-1", TimeProvider.System);
        Assert.NotNull(await copy.ReadRow(GrainId.Create("clock", "a"), "r", Stop));
        table.Dispose();
    }

    [Fact]
    public async Task Open_ForeignFile_IsRefusedByName()
    {
        await File.WriteAllTextAsync(Folder.At("reminders.db"), new string('x', 10_000), Stop);
        var failure = Assert.Throws<AgentRuntimeException>(() => Open());
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains("reminders.db", failure.Message, StringComparison.Ordinal);
    }

    protected override IReminderTable Open() => new SqliteReminderTable(Folder.At("reminders.db"), "service-1", TimeProvider.System);

    protected override IReminderTable OpenOtherService() => new SqliteReminderTable(Folder.At("reminders.db"), "service-2", TimeProvider.System);
}
