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

    private static string LogOf(string file) => file + "-wal";

    private static FileStreamOptions OwnersFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = DurableFile.OwnerOnly;
        return options;
    }
}
