using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Embedded.Reminders;

/// <summary>
/// Reminders of grains in a SQLite file, each with a random etag that changes with every write. What is written survives power loss.
/// Reminders belong to the service, not to the cluster: they outlive it.
/// </summary>
internal sealed class SqliteReminderTable : IReminderTable, IDisposable
{
    private const string Columns = "grain, name, start_at, period, etag";
    private const string OneReminder = "service = $service AND grain = $grain AND name = $name";

    private readonly SqliteFile _file;
    private readonly string _service;

    public SqliteReminderTable(IOptions<SqliteRemindersOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time)
        : this(options.Value.DatabasePath, cluster.Value.ServiceId, time)
    {
    }

    public SqliteReminderTable(string path, string service, TimeProvider time)
    {
        _file = SqliteFile.Open(path, ReminderSchema.Value, SqliteDurability.Power, time);
        _service = service;
    }

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) => _file.ReadAsync(
        sql => Read(sql, "service = $service AND grain = $grain", ("$grain", grainId.ToString())), cancellationToken);

    /// <summary>Those whose hash lies in (<paramref name="begin"/>, <paramref name="end"/>] on the ring; the whole ring when both are equal.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken) => _file.ReadAsync(
        sql => Read(
            sql,
            begin < end ? "service = $service AND hash > $begin AND hash <= $end" : "service = $service AND (hash > $begin OR hash <= $end)",
            ("$begin", (long)begin), ("$end", (long)end)),
        cancellationToken);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) => (await _file.ReadAsync(
        sql => Read(sql, OneReminder, ("$grain", grainId.ToString()), ("$name", reminderName)), cancellationToken)).Reminders.SingleOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        var etag = Guid.NewGuid().ToString("N");
        await _file.WriteAsync(
            sql => sql.Execute(
                "INSERT INTO reminder(service, grain, name, hash, start_at, period, etag) VALUES ($service, $grain, $name, $hash, $start, $period, $etag)"
                + " ON CONFLICT DO UPDATE SET start_at = excluded.start_at, period = excluded.period, etag = excluded.etag",
                ("$service", _service), ("$grain", entry.GrainId.ToString()), ("$name", entry.ReminderName), ("$hash", (long)entry.GrainId.GetUniformHashCode()),
                ("$start", entry.StartAt.Ticks), ("$period", entry.Period.Ticks), ("$etag", etag)),
            cancellationToken);
        return etag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => sql.Execute(
            $"DELETE FROM reminder WHERE {OneReminder} AND etag = $etag",
            ("$service", _service), ("$grain", grainId.ToString()), ("$name", reminderName), ("$etag", eTag)) > 0,
        cancellationToken);

    public Task TestOnlyClearTable(CancellationToken cancellationToken) => _file.WriteAsync(
        sql => sql.Execute("DELETE FROM reminder WHERE service = $service", ("$service", _service)), cancellationToken);

    // Orleans still asks for these forms.
    Task<ReminderTableData> IReminderTable.ReadRows(GrainId grainId) => ReadRows(grainId, default);

    Task<ReminderTableData> IReminderTable.ReadRows(uint begin, uint end) => ReadRows(begin, end, default);

    Task<ReminderEntry?> IReminderTable.ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, default);

    Task<string?> IReminderTable.UpsertRow(ReminderEntry entry) => UpsertRow(entry, default);

    Task<bool> IReminderTable.RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, default);

    Task IReminderTable.TestOnlyClearTable() => TestOnlyClearTable(default);

    public void Dispose() => _file.Dispose();

    private ReminderTableData Read(SqliteConnection sql, string where, params ReadOnlySpan<(string, object?)> parameters)
    {
        using var command = sql.Prepare($"SELECT {Columns} FROM reminder WHERE {where}", [("$service", _service), .. parameters]);
        using var reader = command.ExecuteReader();
        var entries = new List<ReminderEntry>();
        while (reader.Read())
        {
            entries.Add(new ReminderEntry
            {
                GrainId = GrainId.Parse(reader.GetString(0), null),
                ReminderName = reader.GetString(1),
                StartAt = new DateTime(reader.GetInt64(2), DateTimeKind.Utc),
                Period = TimeSpan.FromTicks(reader.GetInt64(3)),
                ETag = reader.GetString(4),
            });
        }

        return new ReminderTableData(entries);
    }
}
