using System.Net.Security;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Listening;

/// <summary>
/// The certificate that connections are given. Its files are looked at again while connections come, so that whoever renews it need not stop the silo;
/// what cannot be used, such as a new certificate whose key is not there yet, leaves the one before it in force.
/// </summary>
internal sealed partial class ServerCertificate(CertificateOptions files, LoadedCertificate first, TimeProvider time, ILogger<ServerCertificate> log)
{
    public static readonly TimeSpan LookedAtEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private LoadedCertificate _loaded = first;
    private long _lookedAt = time.GetTimestamp();

    public SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_lookedAt) >= LookedAtEvery)
            {
                _lookedAt = time.GetTimestamp();
                Look();
            }

            return _loaded.Context;
        }
    }

    private void Look()
    {
        try
        {
            var found = LoadedCertificate.Read(files, time.GetUtcNow());
            if (found.Mark == _loaded.Mark) return;
            _loaded = found;
            LogRenewed(found.Context.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (AgentRuntimeException problem)
        {
            LogKept(problem.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Connections get the new certificate, which is good until {Until:u}.")]
    private partial void LogRenewed(DateTime until);

    [LoggerMessage(2, LogLevel.Warning, "Connections go on getting the certificate from before. {Problem}")]
    private partial void LogKept(string problem);
}
