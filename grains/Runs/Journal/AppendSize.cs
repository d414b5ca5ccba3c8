using AgentRuntime.Common;

namespace AgentRuntime.Runs.Journal;

/// <summary>Refuses an append that no caller means, before a store writes any of it.</summary>
internal static class AppendSize
{
    /// <summary>The most one append may hold; larger payloads belong into the artifact store.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Returns the bytes of headers, seals and snapshot.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded: there are more than <see cref="MaxBytes"/>.</exception>
    public static int Require(JournalAppend append)
    {
        var max = append.Start is null ? JournalAppend.MaxEntries : JournalAppend.MaxStartEntries;
        if (append.Entries.Count == 0 || append.Entries.Count > max)
            throw new ArgumentException($"An append holds 1 to {max} records, not {append.Entries.Count}.", nameof(append));
        if (append.ExpectedSeq < 0 || (append.ExpectedSeq == 0) != (append.Start is not null))
            throw new ArgumentException("An append starts a run exactly when its seq is 0.", nameof(append));

        long bytes = append.Snapshot?.Length ?? 0;
        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            if (entry.Seq != append.ExpectedSeq + i)
                throw new ArgumentException($"Record {i} has seq {entry.Seq} instead of {append.ExpectedSeq + i}.", nameof(append));
            bytes += entry.Header.Length + (entry.Seal?.Length ?? 0);
        }

        return bytes <= MaxBytes ? (int)bytes : throw new AgentRuntimeException(ErrorCode.LimitExceeded,
            $"An append of {bytes} bytes to run {append.Run} is over the limit of {MaxBytes}; put large payloads into the artifact store.");
    }
}
