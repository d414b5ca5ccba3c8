using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

/// <summary>What compares runs with their subscribers, on a store, a subscriber, a journal and a stream of this process.</summary>
internal sealed class PublishingBench : IUnpublishedRuns, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentDictionary<RunKey, RunMark> _ended = new();
    private readonly ConcurrentDictionary<RunKey, long> _had = new();
    private readonly MeterListener _listener = new();
    private double _lag;

    public PublishingBench()
    {
        var instruments = new EventInstruments(_services.GetRequiredService<IMeterFactory>());
        var logs = new EventLogs([new RequiredLog("test", (_, tenant) => FakeLog.Of(tenant, FindMissingAsync))], grains: null!);
        var turns = new TenantTurns(Time, NullLogger<TenantTurns>.Instance);
        Queue = new PublishQueue(Time, instruments);
        Ended = new EndedRuns(this, logs, turns, instruments, Time, NullLogger<EndedRuns>.Instance);
        Stream = FakeStreams.Create();
        Journal = FakeJournal.Create();
        var missing = new MissingRecords(Journal.Port, new EventSender(Stream.Provider, instruments), instruments, NullLogger<MissingRecords>.Instance);
        Repeater = new RecordRepeater(logs, missing, Queue, turns, Time, NullLogger<RecordRepeater>.Instance);
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "agentruntime.events.lag") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) _lag = value;
        });
        _listener.Start();
    }

    public FakeTimeProvider Time { get; } = new();

    public PublishQueue Queue { get; }

    public EndedRuns Ended { get; }

    public RecordRepeater Repeater { get; }

    public FakeStreams Stream { get; }

    public FakeJournal Journal { get; }

    /// <summary>Whom the subscriber does not answer: what it does instead.</summary>
    public ConcurrentDictionary<TenantId, Func<Task>> Troubles { get; } = new();

    /// <summary>How many runs a page of the store has.</summary>
    public int StorePage { get; init; } = 1_000;

    /// <summary>The store does not answer.</summary>
    public bool IsStoreDown { get; set; }

    /// <summary>How many runs are not closed.</summary>
    public int Open => _ended.Count;

    public double Lag
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _lag;
        }
    }

    public static RunKey Key(string tenant, int number) => new(TenantId.Parse(tenant), RunId.Parse($"run-{number}"));

    /// <summary>A run with 3 records ends; the subscriber has <paramref name="had"/> of them.</summary>
    public void End(RunKey run, long had)
    {
        _ended[run] = new RunMark(run, 2, Time.GetUtcNow());
        _had[run] = had;
    }

    /// <summary>The subscriber has so many records of an open run.</summary>
    public void Has(RunKey run, long had) => _had[run] = had;

    public async IAsyncEnumerable<IReadOnlyList<RunMark>> FindEndedAsync(PollerShare share, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var page in _ended.Values.OrderBy(static run => run.EndedAt).Chunk(StorePage))
        {
            if (IsStoreDown) throw new TimeoutException("The store is down.");
            yield return await Task.FromResult(page);
        }
    }

    public IAsyncEnumerable<IReadOnlyList<RunMark>> FindWaitingAsync(PollerShare share, CancellationToken cancellation) => AsyncEnumerable.Empty<IReadOnlyList<RunMark>>();

    public Task CloseAsync(IReadOnlyList<RunKey> runs, CancellationToken cancellation)
    {
        foreach (var run in runs) _ended.TryRemove(run, out _);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private async Task<IReadOnlyList<long>> FindMissingAsync(TenantId tenant, IReadOnlyList<RunHead> heads)
    {
        if (Troubles.TryGetValue(tenant, out var trouble)) await trouble();
        return [.. heads.Select(head => _had.GetValueOrDefault(new RunKey(tenant, RunId.Parse(head.Run))))];
    }
}
