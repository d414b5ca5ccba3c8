using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Benchmarks.Scale;

/// <summary>Starts a run for each that ends on this silo, and counts.</summary>
internal sealed class SiloLoad : IDisposable
{
    private const string OrleansMeter = "Microsoft.Orleans";
    private const string Ended = "agentruntime.runs.ended";
    private const string SentLocal = "orleans-messaging-sent-local";
    private const string SentSize = "orleans-messaging-sent-messages-size";

    // A run takes milliseconds; what has not ended then has been lost, and is shown.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly BenchSilo _silo;
    private readonly MeterListener _meters = new();
    private readonly SemaphoreSlim _due = new(0);
    private long _started;
    private long _ended;
    private long _local;
    private long _remote;

    public SiloLoad(BenchSilo silo)
    {
        _silo = silo;
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: RuntimeSource.Name, Name: Ended } or { Meter.Name: OrleansMeter, Name: SentLocal or SentSize }) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>(Count);
        _meters.SetMeasurementEventCallback<int>(CountSent);
        _meters.Start();
    }

    public async Task<SiloShare> DriveAsync(SiloPlan plan)
    {
        _due.Release(plan.InFlight);
        using var enough = new CancellationTokenSource();

        // Where ends come in a bunch, starts do.
        var lanes = Enumerable.Range(0, 2 * plan.InFlight).Select(_ => StartAsync(enough.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(plan.WarmUpSeconds), TimeProvider.System);
        var before = Look();
        await Task.Delay(TimeSpan.FromSeconds(plan.Seconds), TimeProvider.System);
        var share = Look() - before;
        await enough.CancelAsync();
        await Task.WhenAll(lanes);
        await Task.Delay(Drain, TimeProvider.System);
        return share with { Open = Interlocked.Read(ref _started) - Interlocked.Read(ref _ended) };
    }

    public void Dispose()
    {
        _meters.Dispose();
        _due.Dispose();
    }

    private async Task StartAsync(CancellationToken enough)
    {
        try
        {
            while (true)
            {
                await _due.WaitAsync(enough);
                Interlocked.Increment(ref _started);
                await _silo.StartRunAsync(W1Verb.Steps);
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
        }
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (instrument.Name == SentLocal)
        {
            Interlocked.Exchange(ref _local, value);
            return;
        }

        Interlocked.Increment(ref _ended);
        _due.Release();
    }

    // Answers go the way of their requests; of calls within the silo Orleans counts the requests alone.
    private void CountSent(Instrument instrument, int bytes, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
            if (tag is { Key: "MessageDirection", Value: "Request" or "OneWay" }) Interlocked.Increment(ref _remote);
    }

    private SiloShare Look()
    {
        _meters.RecordObservableInstruments();
        using var process = Process.GetCurrentProcess();
        return new SiloShare(
            Stopwatch.GetElapsedTime(0).TotalSeconds, Interlocked.Read(ref _started), Interlocked.Read(ref _ended), process.TotalProcessorTime.TotalMilliseconds, Interlocked.Read(ref _local), Interlocked.Read(ref _remote), Open: 0);
    }
}
