using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>A compiled statement. Parameters count from 1, columns from 0. Disposing makes it ready for the next use.</summary>
internal sealed class RawStatement(RawConnection connection, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Marks the begin of a use that ends with <see cref="Dispose"/>.</summary>
    public RawStatement Begin() => this;

    public RawStatement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public RawStatement Bind(int index, long? value)
    {
        connection.Check(value is { } number
            ? raw.sqlite3_bind_int64(statement, index, number)
            : raw.sqlite3_bind_null(statement, index));
        return this;
    }

    public RawStatement Bind(int index, string? value)
    {
        connection.Check(value is null
            ? raw.sqlite3_bind_null(statement, index)
            : raw.sqlite3_bind_text(statement, index, value));
        return this;
    }

    public RawStatement Bind(int index, byte[]? value)
    {
        connection.Check(value switch
        {
            null => raw.sqlite3_bind_null(statement, index),
            { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, index, 0),
            _ => raw.sqlite3_bind_blob(statement, index, value.AsSpan()),
        });
        return this;
    }

    /// <summary>True on a row, false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
            return false;

        try
        {
            connection.Check(code);
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }

        return false;
    }

    /// <summary>Runs a statement that writes, and makes it ready for the next use.</summary>
    /// <returns>The rows it wrote.</returns>
    public int Run()
    {
        Step();
        var written = connection.Changes;
        raw.sqlite3_reset(statement);
        return written;
    }

    /// <summary>Runs a statement that writes unless another connection has the lock. Asked often: an exception for each refusal would cost more than the wait.</summary>
    public bool TryRun()
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if ((code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            return false;

        connection.Check(code);
        return true;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : Blob(column);

    /// <summary>The bytes as they lie in SQLite's page, valid until the next step.</summary>
    public ReadOnlySpan<byte> BlobSpan(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => raw.sqlite3_reset(statement);

    public void Close() => statement.Dispose();
}
