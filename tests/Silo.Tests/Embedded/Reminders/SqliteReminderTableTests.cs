using AgentRuntime.Common;
using AgentRuntime.Embedded.Reminders;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;

namespace AgentRuntime.Silo.Tests.Embedded.Reminders;

public sealed class SqliteReminderTableTests : ReminderTableConformance, IDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UpsertRow_ThenTheProcessIsGone_IsThere()
    {
        var table = new SqliteReminderTable(_folder.At("reminders.db"), "service-1", TimeProvider.System);
        await table.UpsertRow(new ReminderEntry { GrainId = GrainId.Create("clock", "a"), ReminderName = "r", StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromHours(1) }, Stop);

        // What a killed process leaves: the files as they are, with the log.
        File.Copy(_folder.At("reminders.db"), _folder.At("copy.db"));
        File.Copy(_folder.At("reminders.db-wal"), _folder.At("copy.db-wal"));
        using var copy = new SqliteReminderTable(_folder.At("copy.db"), "service-1", TimeProvider.System);
        Assert.NotNull(await copy.ReadRow(GrainId.Create("clock", "a"), "r", Stop));
        table.Dispose();
    }

    [Fact]
    public async Task Open_ForeignFile_IsRefusedByName()
    {
        await File.WriteAllTextAsync(_folder.At("reminders.db"), new string('x', 10_000), Stop);
        var failure = Assert.Throws<AgentRuntimeException>(() => Open());
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains("reminders.db", failure.Message, StringComparison.Ordinal);
    }

    protected override IReminderTable Open(string service = Service) =>
        new SqliteReminderTable(_folder.At("reminders.db"), service, TimeProvider.System);
}
