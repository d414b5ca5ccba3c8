using AgentRuntime.Aws.Connection;
using Amazon.Runtime;

namespace AgentRuntime.Aws.Isolation;

/// <summary>
/// The session of one tenant. It is renewed well before it ends, while the old one is still used; however many ask, one request for a new one is under way.
/// </summary>
/// <param name="tenant">The tenant.</param>
/// <param name="begin">Asks for a new session.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantSession(string tenant, Func<string, Task<SessionKeys>> begin, TimeProvider time)
{
    /// <summary>So long before the end of a session the next one is asked for.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>With less than this left a session is not used: a request and its repetitions take their time, and clocks differ.</summary>
    public static readonly TimeSpan LeastLeft = TimeSpan.FromMinutes(2);

    /// <summary>After a failure, so long until the next attempt while the old session is good.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>And so long while there is none: whoever asks meanwhile hears of the same failure.</summary>
    public static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile SessionKeys? _kept;
    private Task<(SessionKeys? Keys, Exception? Failure)>? _renewal;
    private DateTimeOffset? _failedAt;
    private long _usedAt;

    /// <summary>When somebody asked for it last, as <see cref="TimeProvider.GetTimestamp"/> says.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <exception cref="NoTenantSessionException">There is none.</exception>
    public async ValueTask<AWSCredentials> GetAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        var now = time.GetUtcNow();
        var kept = _kept;
        if (kept is not null && now < kept.Until - Ahead) return kept.Credentials;
        var isUsable = kept is not null && now < kept.Until - LeastLeft;
        var renewal = Renew(kept, now, isUsable);
        if (isUsable) return kept!.Credentials;
        var (keys, failure) = await renewal.WaitAsync(cancellation);
        return keys?.Credentials ?? throw new NoTenantSessionException(tenant, failure!);
    }

    /// <summary>Forgets these credentials; others are kept.</summary>
    public void Drop(AWSCredentials credentials)
    {
        lock (_lock)
        {
            if (_kept?.Credentials == credentials) _kept = null;
        }
    }

    private Task<(SessionKeys? Keys, Exception? Failure)> Renew(SessionKeys? seen, DateTimeOffset now, bool isUsable)
    {
        lock (_lock)
        {
            // Another has got one meanwhile.
            if (_kept is { } newer && newer != seen) return Task.FromResult<(SessionKeys?, Exception?)>((newer, null));
            if (_renewal is { } last && (!last.IsCompleted || now < _failedAt + (isUsable ? Pause : ShortPause))) return last;
            return _renewal = RenewAsync();
        }
    }

    /// <summary>Returns the new session, or why there is none: nobody may be waiting, so it does not throw what AWS is the reason of.</summary>
    private async Task<(SessionKeys? Keys, Exception? Failure)> RenewAsync()
    {
        try
        {
            var keys = await begin(tenant);
            lock (_lock) (_kept, _failedAt) = (keys, null);
            return (keys, null);
        }
        catch (Exception failure) when (AwsFailures.IsOne(failure))
        {
            lock (_lock) _failedAt = time.GetUtcNow();
            return (null, failure);
        }
    }
}
