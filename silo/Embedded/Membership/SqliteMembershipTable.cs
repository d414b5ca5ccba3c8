using System.Globalization;
using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Embedded.Membership;

/// <summary>
/// The members of one cluster in a SQLite file. Rows and the table's version change by compare-and-swap in one transaction;
/// a heartbeat touches neither etag. A commit survives the end of every process, not a power loss: after that no member lives anyway.
/// </summary>
internal sealed class SqliteMembershipTable : IMembershipTable, IDisposable
{
    private readonly SqliteFile _file;
    private readonly string _cluster;

    public SqliteMembershipTable(IOptions<SqliteClusteringOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time)
        : this(options.Value.DatabasePath, cluster.Value.ClusterId, time)
    {
    }

    public SqliteMembershipTable(string path, string cluster, TimeProvider time)
    {
        _file = SqliteFile.Open(path, MembershipSchema.Value, SqliteDurability.Process, time);
        _cluster = cluster;
    }

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) => tryInitTableVersion
        ? _file.WriteAsync(sql => sql.Execute("INSERT OR IGNORE INTO cluster(id, version) VALUES ($cluster, 0)", ("$cluster", _cluster)), cancellationToken)
        : Task.CompletedTask;

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => sql.Execute("DELETE FROM silo WHERE cluster = $cluster; DELETE FROM cluster WHERE id = $cluster", ("$cluster", clusterId)),
        cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => Rows(sql)
            .Where(row => row.Entry.Status == SiloStatus.Dead && row.LastHeardOf < beforeDate.UtcDateTime)
            .Sum(row => sql.Execute(
                "DELETE FROM silo WHERE cluster = $cluster AND address = $address",
                ("$cluster", _cluster), ("$address", row.Entry.SiloAddress.ToParsableString()))),
        cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        _file.ReadAsync(sql => Snapshot(sql, key), cancellationToken);

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => _file.ReadAsync(sql => Snapshot(sql, null), cancellationToken);

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => TryAdvance(sql, tableVersion) && (sql.Execute(
            "INSERT OR IGNORE INTO silo(cluster, address, etag, status, started_at, alive_at, details)"
            + " VALUES ($cluster, $address, 1, $status, $started, $alive, $details)",
            Values(entry)) == 1 || TakeBack(sql, tableVersion)),
        cancellationToken);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => TryAdvance(sql, tableVersion) && (sql.Execute(
            "UPDATE silo SET etag = etag + 1, status = $status, started_at = $started, alive_at = max(alive_at, $alive), details = $details"
            + " WHERE cluster = $cluster AND address = $address AND etag = $etag",
            [.. Values(entry), ("$etag", Number(etag))]) == 1 || TakeBack(sql, tableVersion)),
        cancellationToken);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => _file.WriteAsync(
        sql => sql.Execute(
            "UPDATE silo SET alive_at = $alive WHERE cluster = $cluster AND address = $address",
            ("$cluster", _cluster), ("$address", entry.SiloAddress.ToParsableString()), ("$alive", entry.IAmAliveTime.Ticks)),
        cancellationToken);

    // Orleans still asks for these forms, and calls the ones above.
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, default);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, default);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, default);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, default);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(default);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, default);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, default);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, default);

    /// <summary>Writes down as dead every silo for which <paramref name="isDead"/> holds, and returns them.</summary>
    public Task<IReadOnlyList<SiloAddress>> BuryAsync(Func<SiloAddress, bool> isDead) => _file.WriteAsync<IReadOnlyList<SiloAddress>>(sql =>
    {
        var dead = Rows(sql).Where(row => row.Entry.Status != SiloStatus.Dead && isDead(row.Entry.SiloAddress)).ToList();
        foreach (var row in dead)
        {
            sql.Execute(
                "UPDATE silo SET etag = etag + 1, status = $dead WHERE cluster = $cluster AND address = $address",
                ("$dead", (int)SiloStatus.Dead), ("$cluster", _cluster), ("$address", row.Entry.SiloAddress.ToParsableString()));
        }

        if (dead.Count > 0)
        {
            sql.Execute("UPDATE cluster SET version = version + 1 WHERE id = $cluster", ("$cluster", _cluster));
        }

        return [.. dead.Select(row => row.Entry.SiloAddress)];
    });

    public void Dispose() => _file.Dispose();

    private MembershipTableData Snapshot(SqliteConnection sql, SiloAddress? only)
    {
        var version = sql.Scalar<long>("SELECT version FROM cluster WHERE id = $cluster", ("$cluster", _cluster));
        var rows = Rows(sql).Where(row => only is null || row.Entry.SiloAddress.Equals(only));
        return new MembershipTableData(
            [.. rows.Select(row => Tuple.Create(row.Entry, row.EtagText))],
            new TableVersion((int)version, version.ToString(CultureInfo.InvariantCulture)));
    }

    private List<MembershipRow> Rows(SqliteConnection sql)
    {
        using var command = sql.Prepare($"SELECT {MembershipRow.Columns} FROM silo WHERE cluster = $cluster", ("$cluster", _cluster));
        using var reader = command.ExecuteReader();
        var rows = new List<MembershipRow>();
        while (reader.Read())
        {
            rows.Add(MembershipRow.Read(reader));
        }

        return rows;
    }

    // The etag that a caller read travels in the version that it wants to write.
    private bool TryAdvance(SqliteConnection sql, TableVersion next) => sql.Execute(
        "UPDATE cluster SET version = $next WHERE id = $cluster AND version = $expected",
        ("$cluster", _cluster), ("$next", next.Version), ("$expected", Number(next.VersionEtag))) == 1;

    private bool TakeBack(SqliteConnection sql, TableVersion next)
    {
        sql.Execute("UPDATE cluster SET version = $expected WHERE id = $cluster", ("$cluster", _cluster), ("$expected", Number(next.VersionEtag)));
        return false;
    }

    private (string, object?)[] Values(MembershipEntry entry) =>
    [
        ("$cluster", _cluster),
        ("$address", entry.SiloAddress.ToParsableString()),
        ("$status", (int)entry.Status),
        ("$started", entry.StartTime.Ticks),
        ("$alive", entry.IAmAliveTime.Ticks),
        ("$details", MembershipRow.DetailsOf(entry)),
    ];

    // An etag that is not ours matches nothing.
    private static long Number(string? etag) => long.TryParse(etag, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
