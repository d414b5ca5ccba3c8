using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Hosting.Tls;

/// <summary>What is measured of the connections between the processes of a cluster.</summary>
internal sealed class TlsInstruments
{
    private const string Accepted = "ok";

    private static readonly KeyValuePair<string, object?> In = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Out = new("network.io.direction", "transmit");

    private readonly Counter<long> _handshakes;
    private readonly Meter _meter;

    public TlsInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(RuntimeSource.Name);
        _handshakes = _meter.CreateCounter<long>("agentruntime.cluster.handshakes", "{handshake}", "Handshakes of mutual TLS that ended, by direction and outcome: ok, or the reason of the refusal.");
    }

    public void Ended(ConnectionSide side, Refusal? refusal) =>
        _handshakes.Add(1, side == ConnectionSide.Accepting ? In : Out, new KeyValuePair<string, object?>("agentruntime.outcome", refusal?.Reason ?? Accepted));

    /// <summary>Shows how long the certificate in force is good.</summary>
    public void Watch(Func<TimeSpan> remaining) => _meter.CreateObservableGauge(
        "agentruntime.cluster.certificate.remaining", () => remaining().TotalSeconds, "s", "How long this process's certificate is still good; negative once it has ended.");
}
