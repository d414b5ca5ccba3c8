namespace AgentRuntime.Common;

/// <summary>
/// A per-silo copy of values that live in grains. A value is asked for again once it is <see cref="SoftAge"/> old, by one caller while the
/// others still use it, and nobody uses it once it is <see cref="HardAge"/> old: who cannot refresh it fails. A hit allocates nothing.
/// </summary>
internal sealed class Refreshed<TKey, TValue>(Func<TKey, Task<TValue?>> load, TimeProvider clock, int maxEntries)
    where TKey : notnull
    where TValue : class
{
    public static readonly TimeSpan SoftAge = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan HardAge = TimeSpan.FromMilliseconds(1_800);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<TKey, Entry> _entries = new();

    /// <param name="key">What is looked up.</param>
    /// <param name="cancellation">Ends the wait, not the look-up: others may wait for the same.</param>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken cancellation = default)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            var age = clock.GetElapsedTime(entry.LoadedAt);
            if (age < SoftAge || (age < HardAge && !entry.TryClaimRefresh())) return new(entry.Value);
        }

        var loading = LoadAsync(key, entry);
        return new(cancellation.CanBeCanceled ? loading.WaitAsync(cancellation) : loading);
    }

    public void Forget(TKey key) => _entries.TryRemove(key, out _);

    private async Task<TValue?> LoadAsync(TKey key, Entry? stale)
    {
        // The age counts from before the call: the answer may be as old as that.
        var loadedAt = clock.GetTimestamp();
        TValue? value;
        try
        {
            value = await load(key);
        }
        catch
        {
            stale?.ReleaseRefresh();
            if (stale is not null && clock.GetElapsedTime(stale.LoadedAt) < HardAge) return stale.Value;
            throw;
        }

        // What does not exist is not kept: it may be created the next moment, and absent keys must not fill the copy.
        if (value is null)
        {
            _entries.TryRemove(key, out _);
            return null;
        }

        if (_entries.Count >= maxEntries && !_entries.ContainsKey(key)) DropStale();
        _entries[key] = new Entry(value, loadedAt);
        return value;
    }

    private void DropStale()
    {
        foreach (var (key, entry) in _entries)
            if (clock.GetElapsedTime(entry.LoadedAt) >= HardAge) _entries.TryRemove(key, out _);
        if (_entries.Count >= maxEntries) _entries.Clear();
    }

    private sealed class Entry(TValue value, long loadedAt)
    {
        private int _refreshing;

        public TValue Value => value;

        public long LoadedAt => loadedAt;

        public bool TryClaimRefresh() => Interlocked.CompareExchange(ref _refreshing, 1, 0) == 0;

        public void ReleaseRefresh() => Volatile.Write(ref _refreshing, 0);
    }
}
