using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Backup;

/// <summary>
/// Copies a database while others write to it: one read transaction, so that the copy is the database at one instant. The copy is written
/// anew row by row, so that nothing of what was erased from the original goes with it.
/// </summary>
internal static class DatabaseCopy
{
    /// <exception cref="AgentRuntimeException">The database cannot be read, or the copy not be written.</exception>
    public static void Take(string from, string to)
    {
        try
        {
            using (var connection = RawConnection.Open(from, readOnly: true))
            {
                connection.Execute("PRAGMA busy_timeout = 10000; PRAGMA cell_size_check = ON");
                Vacuum(connection, to);
            }

            MakeDurable(to);
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, from);
        }
    }

    private static void Vacuum(RawConnection connection, string to)
    {
        try
        {
            connection.Get("VACUUM INTO ?").Bind(1, to).Run();
        }
        catch (RawFailure failure) when (BackupErrors.IsOfTarget(failure))
        {
            throw BackupErrors.From(failure, to);
        }
    }

    /// <summary>Looks at every page of a copy.</summary>
    /// <exception cref="AgentRuntimeException">It is damaged.</exception>
    public static void Verify(string file)
    {
        try
        {
            using var connection = RawConnection.Open(file, readOnly: true);
            if (connection.QueryText("PRAGMA quick_check(1)") is var verdict and not "ok") throw StoreErrors.Corrupted(file, verdict ?? "it is empty");
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }

    /// <summary>Makes a copy what silos can share: a database with a log.</summary>
    /// <exception cref="AgentRuntimeException">It cannot be written.</exception>
    public static void MakeShareable(string file)
    {
        try
        {
            using var connection = RawConnection.Open(file, readOnly: false);
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA journal_mode = WAL");
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }

    // SQLite does not sync what it vacuums into another file, and gives it the rights that the process gives by default.
    private static void MakeDurable(string file)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, DurableFile.OwnerOnly);
        using (var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
            written.Flush(flushToDisk: true);
        DurableFile.SyncFolder(Path.GetDirectoryName(file)!);
    }
}
