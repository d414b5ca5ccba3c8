namespace AgentRuntime.Embedded.Journal;

/// <summary>The open <c>journal.db</c> of a data folder: one writer and a few readers.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    public const string FileName = "journal.db";

    private JournalDatabase(string file)
    {
        Writer = new JournalWriter(file);
        Readers = new JournalReaders(file);
    }

    public JournalWriter Writer { get; }

    public JournalReaders Readers { get; }

    /// <summary>Opens the store in <paramref name="folder"/>, making it when there is none.</summary>
    /// <exception cref="Common.AgentRuntimeException">The file cannot be used; the message names it and what to do.</exception>
    public static JournalDatabase Open(string folder) => new(Path.Combine(OwnerOnlyFolder.Ensure(folder), FileName));

    public async ValueTask DisposeAsync()
    {
        // The writer goes last: the connection that closes last empties the log.
        await Readers.DisposeAsync();
        await Writer.DisposeAsync();
    }
}
