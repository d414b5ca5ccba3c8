using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The tables of <c>journal.db</c> and the marks by which a file is recognised as one.</summary>
internal static class JournalFormat
{
    /// <summary>Version N reads files of N-1 and N.</summary>
    public const int Version = 2;

    /// <summary>The first version that knows how long runs are kept.</summary>
    public const int WithRetention = 2;

    /// <summary>"AgRJ" in the file's header: a SQLite file without it is somebody else's.</summary>
    public const int ApplicationId = 0x4167524A;

    public const int PageBytes = 8192;

    // Format 1, which never changes; what later ones add follows below. Run numbers follow the start order and records the commit order, so that both tables only grow at their end: a key by run id
    // would spread the inserts over the whole tree and halve the throughput.
    private const string Tables = """
        CREATE TABLE runs (
            run_no INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            run TEXT NOT NULL,
            agent TEXT NOT NULL,
            status INTEGER NOT NULL,
            state INTEGER NOT NULL,
            wake_at INTEGER,
            owner TEXT,
            body_digest TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            head_hash BLOB
        );
        CREATE UNIQUE INDEX runs_by_key ON runs (tenant, run);
        CREATE INDEX runs_by_tenant ON runs (tenant, run_no);
        CREATE INDEX runs_by_status ON runs (tenant, status, run_no);
        CREATE INDEX runs_by_agent ON runs (tenant, agent, run_no);
        CREATE INDEX runs_runnable ON runs (owner, run_no) WHERE state = 1;
        CREATE INDEX runs_waiting ON runs (wake_at) WHERE state = 2 AND wake_at IS NOT NULL;
        CREATE TABLE records (
            record_no INTEGER PRIMARY KEY,
            run_no INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            header BLOB NOT NULL,
            seal BLOB
        );
        CREATE UNIQUE INDEX records_by_run ON records (run_no, seq);
        CREATE TABLE snapshots (run_no INTEGER PRIMARY KEY, seq INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE TABLE approvals (
            approval_no INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            approval TEXT NOT NULL,
            state INTEGER NOT NULL,
            view BLOB NOT NULL
        );
        CREATE UNIQUE INDEX approvals_by_key ON approvals (tenant, approval);
        CREATE INDEX approvals_by_tenant ON approvals (tenant, approval_no);
        CREATE INDEX approvals_by_state ON approvals (tenant, state, approval_no);
        CREATE TABLE tenants (tenant TEXT PRIMARY KEY, open_runs INTEGER NOT NULL, inbox_version INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>
    /// What format 2 adds. Classes of data that are not known yet are NULL; <c>pruned</c> is a <see cref="PruneState"/>. The last index finds
    /// who else refers to an artifact: a seal begins with its form and a salt, then comes the artifact's name.
    /// </summary>
    private const string ToVersion2 = """
        ALTER TABLE runs ADD COLUMN data_classes TEXT;
        ALTER TABLE runs ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX runs_ended ON runs (tenant, data_classes, ended_at) WHERE state = 3 AND pruned < 2;
        CREATE INDEX records_by_artifact ON records (substr(seal, 34)) WHERE seal >= x'01' AND seal < x'02';
        """;

    /// <summary>Overwrites the digests of start requests, whose column nobody reads; what is written now is empty.</summary>
    public const string BlankDigests = "UPDATE runs SET body_digest = substr(hex(zeroblob(32)), 1, length(body_digest))";

    /// <summary>Makes the tables in an empty file.</summary>
    public static void Create(RawConnection connection) => connection.Execute($"""
        PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
        BEGIN IMMEDIATE; {Tables} {ToVersion2} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT;
        """);

    /// <summary>Brings a file of format 1 to format 2, wholly or not at all. Nobody else may have it open.</summary>
    public static void Upgrade(RawConnection connection) =>
        connection.Execute($"BEGIN IMMEDIATE; {ToVersion2} {BlankDigests}; PRAGMA user_version = {Version}; COMMIT;");

    /// <exception cref="AgentRuntimeException">This version cannot read the file; the message names it and what to do.</exception>
    public static void Require(RawConnection connection, string file)
    {
        var application = connection.QueryNumber("PRAGMA application_id");
        var version = connection.QueryNumber("PRAGMA user_version");
        if (application != ApplicationId)
        {
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, connection.QueryNumber("PRAGMA page_count") == 0
                ? $"The run store {file} is empty. Restore the data folder from a backup, or move the folder away to begin anew."
                : $"The file {file} is a SQLite database of another program. Point the data folder elsewhere, or move the file away.");
        }

        if (version > Version)
        {
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted,
                $"The run store {file} has format {version}, which is newer than format {Version} of this program. "
                + "Start the newer program, or restore a backup made by this one.");
        }

        if (version < 1)
            throw StoreErrors.Corrupted(file, $"its format number is {version}");
        if (connection.QueryText("PRAGMA journal_mode") != "wal")
        {
            throw new AgentRuntimeException(ErrorCode.StorageExhausted,
                $"The run store {file} lies on a disk without shared memory for its log. Put the data folder on a local disk.");
        }
    }
}
