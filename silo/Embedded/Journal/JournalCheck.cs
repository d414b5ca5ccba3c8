using SQLitePCL;

namespace AgentRuntime.Embedded.Journal;

/// <summary>Looks for damage when the store is opened, as far as that takes no noticeable time.</summary>
internal static class JournalCheck
{
    /// <summary>A store that takes longer to read is checked in part; damage beyond shows itself when the page is read.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    public static void Verify(RawConnection connection, string file)
    {
        using var limit = new Timer(static state => ((RawConnection)state!).Interrupt(), connection, MaxTime, Timeout.InfiniteTimeSpan);
        try
        {
            using var statement = connection.Get("PRAGMA quick_check(1)");
            var verdict = statement.Step() ? statement.Text(0) : "ok";
            if (verdict != "ok")
                throw StoreErrors.Corrupted(file, verdict);
        }
        catch (RawFailure failure) when (failure.Primary == raw.SQLITE_INTERRUPT)
        {
            // Large and sound so far.
        }
    }
}
