using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Destroys salts and payloads where they lie. A row that kept its size is overwritten in place; one that shrank would make SQLite move its
/// neighbours, and leave copies of them in the unused part of a page, which nobody overwrites once they are to be destroyed in turn.
/// </summary>
internal static class Seals
{
    /// <summary>What a seal is overwritten with: no form, no salt.</summary>
    private const byte Erased = 0xFF;

    /// <summary>The seal in <paramref name="column"/>; null once it is erased.</summary>
    public static byte[]? Read(RawStatement statement, int column)
    {
        if (statement.IsNull(column)) return null;
        var seal = statement.BlobSpan(column);
        return seal.Length >= SealForm.PrefixBytes && !seal.ContainsAnyExcept(Erased) ? null : seal.ToArray();
    }

    /// <summary>Overwrites one seal. In a file of format 1, whose programs do not know overwritten ones, it is dropped.</summary>
    /// <returns>False when there is no such record.</returns>
    public static bool Erase(RawConnection connection, long runNo, long seq)
    {
        int length;
        using (var found = connection.Get("SELECT length(seal) FROM records WHERE run_no = ? AND seq = ?").Bind(1, runNo).Bind(2, seq))
        {
            if (!found.Step()) return false;
            length = (int)found.Number(0);
        }

        byte[]? erased = null;
        if (connection.HasRetention && length >= SealForm.PrefixBytes) (erased = new byte[length]).AsSpan().Fill(Erased);
        if (seq == 0) RunRowWriter.BlankDigest(connection, runNo);
        connection.Get("UPDATE records SET seal = ? WHERE run_no = ? AND seq = ?").Bind(1, erased).Bind(2, runNo).Bind(3, seq).Run();
        return true;
    }

    /// <summary>Drops what <see cref="Erase"/> left, so that a rewritten file is smaller. Only before a rewrite of the whole file.</summary>
    public static void Drop(RawConnection connection) => 
        connection.Execute($"UPDATE records SET seal = NULL WHERE seal >= x'{new string('F', 2 * SealForm.PrefixBytes)}'");

    /// <summary>The name of the artifact that a seal refers to; null when it holds the payload itself.</summary>
    public static string? FindArtifact(ReadOnlySpan<byte> seal) =>
        seal.Length > SealForm.PrefixBytes && seal[0] == SealForm.Artifact ? System.Text.Encoding.ASCII.GetString(seal[SealForm.PrefixBytes..]) : null;
}
