using System.Diagnostics.Metrics;

namespace AgentRuntime.Aws.Tests.Isolation;

/// <summary>How many requests of these clients were stopped because of whose keys they named.</summary>
internal sealed class CountedForeign : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public CountedForeign(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "agentruntime.aws.foreign" && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
