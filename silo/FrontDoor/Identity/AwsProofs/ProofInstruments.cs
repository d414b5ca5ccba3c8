using System.Diagnostics.Metrics;
using System.Net;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Counts and writes down what became of proofs of AWS principals, and why: callers are not told.</summary>
internal sealed partial class ProofInstruments(IMeterFactory meters, ILogger<ProofInstruments> log)
{
    private readonly Counter<long> _proofs = meters.Create(RuntimeSource.Name)
        .CreateCounter<long>("agentruntime.frontdoor.proofs", "{proof}", "Proofs of AWS principals, by what became of them: accepted, unavailable, busy, or why they were refused.");

    public void Accepted() => Count("accepted");

    public void Busy() => Count("busy");

    public void Refused(string reason, IPAddress? from)
    {
        Count(reason);
        LogRefused(reason, from);
    }

    public void Unavailable(Exception failure)
    {
        Count("unavailable");
        LogUnavailable((failure.InnerException ?? failure).Message);
    }

    private void Count(string outcome) => _proofs.Add(1, new KeyValuePair<string, object?>("agentruntime.outcome", outcome));

    [LoggerMessage(1, LogLevel.Information, "A proof of an AWS principal was refused: {Reason}. It came from {From}.")]
    private partial void LogRefused(string reason, IPAddress? from);

    [LoggerMessage(2, LogLevel.Warning, "A proof of an AWS principal could be neither accepted nor refused: {Reason}")]
    private partial void LogUnavailable(string reason);
}
