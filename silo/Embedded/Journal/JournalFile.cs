using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Makes <c>journal.db</c>. It appears under its name only when it is complete and durable, so that an empty or half file is never
/// taken for a new one: it is a loss, and is reported as such.
/// </summary>
internal static class JournalFile
{
    public static void EnsureExists(string file)
    {
        if (File.Exists(file))
            return;
        if (File.Exists(LogOf(file)) && !File.Exists(file))
            throw StoreErrors.Corrupted(file, $"it is missing, while its log {LogOf(file)} is there");

        var draft = $"{file}.{Path.GetRandomFileName()}";
        try
        {
            new FileStream(draft, OwnersFile()).Dispose();
            using (var connection = RawConnection.Open(draft, readOnly: false))
                JournalFormat.Create(connection);
            DurableFile.TryPublish(draft, file);
            DurableFile.SyncFolder(Path.GetDirectoryName(file)!);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Opens a file that nobody else has open, for work on it as a whole.</summary>
    /// <exception cref="Common.AgentRuntimeException">It is none of ours, newer or damaged.</exception>
    public static RawConnection OpenAlone(string file)
    {
        var connection = RawConnection.Open(file, readOnly: false);
        try
        {
            connection.Execute("""
                PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
                PRAGMA checkpoint_fullfsync = ON; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON
                """);
            JournalFormat.Require(connection, file);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string LogOf(string file) => file + "-wal";

    private static FileStreamOptions OwnersFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = DurableFile.OwnerOnly;
        return options;
    }
}
