using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Journal;

/// <summary>
/// Finds the numbers of runs that were started in a span of time. Numbers grow with the time of start, but for clocks that are set and starts that
/// overtake each other: so they are searched by halves, with some slack at both ends.
/// </summary>
internal static class RunNumbers
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>The lowest and the highest number that may be in the span.</summary>
    public static (long First, long Last) Between(RawConnection connection, TenantId tenant, DateTimeOffset? from, DateTimeOffset? before)
    {
        var first = from is { } start ? FirstAt(connection, tenant, Shift(start, -Slack)) : 0;
        var last = before is { } end ? FirstAt(connection, tenant, Shift(end, Slack)) : long.MaxValue;
        return (first, last);
    }

    /// <summary>The number of the first run at or after a time, or one above all.</summary>
    private static long FirstAt(RawConnection connection, TenantId tenant, DateTimeOffset time)
    {
        var low = 0L;
        var high = Newest(connection, tenant) + 1;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (At(connection, tenant, middle) is { } found && found.Time < time.UtcTicks) low = found.Number + 1;
            else high = middle;
        }

        return low;
    }

    private static long Newest(RawConnection connection, TenantId tenant)
    {
        using var statement = connection.Get("SELECT run_no FROM runs WHERE tenant = ? ORDER BY run_no DESC LIMIT 1").Bind(1, tenant.Value);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>The tenant's first run with that number or a higher one.</summary>
    private static (long Number, long Time)? At(RawConnection connection, TenantId tenant, long number)
    {
        using var statement = connection.Get("SELECT run_no, started_at FROM runs WHERE tenant = ? AND run_no >= ? ORDER BY run_no LIMIT 1")
            .Bind(1, tenant.Value).Bind(2, number);
        return statement.Step() ? (statement.Number(0), statement.Number(1)) : null;
    }

    private static DateTimeOffset Shift(DateTimeOffset time, TimeSpan by) =>
        by < TimeSpan.Zero
            ? time - DateTimeOffset.MinValue > -by ? time + by : DateTimeOffset.MinValue
            : DateTimeOffset.MaxValue - time > by ? time + by : DateTimeOffset.MaxValue;
}
