using AgentRuntime.Common;

namespace AgentRuntime.Certificates;

/// <summary>
/// The certificate that connections are given. Its files are looked at again while connections come, so that whoever renews it need not stop the silo;
/// what cannot be used, such as a new certificate whose key is not there yet, leaves the one before it in force.
/// </summary>
internal sealed partial class RenewedCertificate<T>(T first, Func<DateTimeOffset, T> read, TimeSpan lookedAtEvery, TimeProvider time, ILogger log)
    where T : LoadedCertificate
{
    private readonly Lock _gate = new();
    private T _loaded = first;
    private long _lookedAt = time.GetTimestamp();

    /// <summary>The one in force, without a look at its files.</summary>
    public T Loaded => Volatile.Read(ref _loaded);

    public T Current()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_lookedAt) >= lookedAtEvery)
            {
                _lookedAt = time.GetTimestamp();
                Look();
            }

            return _loaded;
        }
    }

    private void Look()
    {
        try
        {
            var found = read(time.GetUtcNow());
            if (found.Mark == _loaded.Mark) return;
            Volatile.Write(ref _loaded, found);
            LogRenewed(log, found.Until);
        }
        catch (AgentRuntimeException problem)
        {
            LogKept(log, problem.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Connections get the new certificate, which is good until {Until:u}.")]
    private static partial void LogRenewed(ILogger log, DateTime until);

    [LoggerMessage(2, LogLevel.Warning, "Connections go on getting the certificate from before. {Problem}")]
    private static partial void LogKept(ILogger log, string problem);
}
