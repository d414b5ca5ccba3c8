using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;

namespace AgentRuntime.Grains.Tests.Events;

/// <summary>Grain state in memory, compared by etag. Some writes fail, by a seed: before or after they have happened.</summary>
internal sealed class FailingStorage(int seed, double share) : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (object State, long Version)> _states = [];
    private readonly Random _dice = new(seed);
    private long _versions;
    private int _reads;
    private int _reading;

    public int Failures { get; private set; }

    public int Writes { get; private set; }

    public int Reads => _reads;

    /// <summary>The most reads that were under way at a time.</summary>
    public int PeakReads { get; private set; }

    /// <summary>A state whose writes fail, and do not happen.</summary>
    public string? Refused { get; set; }

    public IEnumerable<string> Names => _states.Keys;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_states) (_reads, PeakReads) = (_reads + 1, Math.Max(PeakReads, ++_reading));
        await Task.Yield();
        lock (_states) _reading--;
        if (!_states.TryGetValue(stateName, out var found)) return;
        (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)found.State, found.Version.ToString(CultureInfo.InvariantCulture), true);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Writes++;
        if (stateName == Refused) Fail();
        var fault = _dice.NextDouble() < share ? _dice.Next(2) : -1;
        if (fault == 0) Fail();
        var stored = _states.TryGetValue(stateName, out var found) ? found.Version.ToString(CultureInfo.InvariantCulture) : null;
        if (stored != grainState.ETag) throw new InconsistentStateException($"{stateName}: {stored} and not {grainState.ETag}");
        _states[stateName] = (grainState.State!, ++_versions);
        if (fault == 1) Fail();
        grainState.ETag = _versions.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    private void Fail()
    {
        Failures++;
        throw new TimeoutException("Injected.");
    }
}
