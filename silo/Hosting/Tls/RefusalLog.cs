namespace AgentRuntime.Hosting.Tls;

/// <summary>
/// Tells of refused connections, so many a minute for each reason: whoever knocks all the time shall neither fill the disk nor hide what else happens.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> log)
{
    public const int MaxLines = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    // There are few reasons.
    private readonly Dictionary<string, (long Since, long Count)> _told = [];

    public void Refused(string peer, Refusal refusal)
    {
        lock (_gate)
        {
            var (since, count) = _told.GetValueOrDefault(refusal.Reason, (time.GetTimestamp(), 0));
            if (time.GetElapsedTime(since) >= Window)
            {
                if (count > MaxLines) LogUntold(count - MaxLines, refusal.Reason);
                (since, count) = (time.GetTimestamp(), 0);
            }

            if (count < MaxLines) LogRefused(peer, refusal.Text);
            _told[refusal.Reason] = (since, count + 1);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The connection {Peer} was refused: {Reason}.")]
    private partial void LogRefused(string peer, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Count} more connections were refused: {Reason}.")]
    private partial void LogUntold(long count, string reason);
}
