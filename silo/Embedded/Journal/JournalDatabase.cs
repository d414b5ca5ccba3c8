using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The open <c>journal.db</c> of a data folder: one writer and a few readers.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    public const string FileName = "journal.db";

    private readonly JournalWriter? _writer;

    private JournalDatabase(string file, JournalWriter? writer)
    {
        File = file;
        _writer = writer;
        Readers = new JournalReaders(file);
    }

    /// <exception cref="AgentRuntimeException">It was opened for reading.</exception>
    public JournalWriter Writer => _writer
        ?? throw new AgentRuntimeException(ErrorCode.Internal, $"The run store {File} is written by the silos that serve its tenant, and this one does not.");

    public JournalReaders Readers { get; }

    /// <summary>Full path of the file.</summary>
    public string File { get; }

    /// <summary>Opens the store in <paramref name="folder"/>, making it when there is none.</summary>
    /// <exception cref="AgentRuntimeException">The file cannot be used; the message names it and what to do.</exception>
    public static JournalDatabase Open(string folder)
    {
        var file = Path.Combine(OwnerOnlyFolder.Ensure(folder), FileName);
        return new JournalDatabase(file, new JournalWriter(file));
    }

    /// <summary>Opens a store that other silos write.</summary>
    /// <exception cref="AgentRuntimeException">As <see cref="Open"/>.</exception>
    public static JournalDatabase OpenForReading(string folder)
    {
        var file = Path.Combine(OwnerOnlyFolder.Ensure(folder), FileName);
        try
        {
            JournalFile.EnsureExists(file);
            using var connection = RawConnection.Open(file, readOnly: true);
            JournalFormat.Require(connection, file);
            return new JournalDatabase(file, writer: null);
        }
        catch (RawFailure failure)
        {
            throw StoreErrors.From(failure, file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The writer goes last: the connection that closes last empties the log.
        await Readers.DisposeAsync();
        if (_writer is not null) await _writer.DisposeAsync();
    }
}
