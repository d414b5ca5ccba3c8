namespace AgentRuntime.FrontDoor.Overload;

/// <summary>
/// Lets a bounded number of calls in. While there is room everybody enters at once; then whoever has the fewest calls inside is next, and when too
/// many wait, the newest call of whoever has the most waiting goes. So one caller may use what nobody else wants, and no more than its share of what
/// others want too (max-min fairness).
/// </summary>
internal sealed class FairGate(int maxInside, int maxWaiting, TimeSpan maxWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    // Nobody alone takes all places: others find one free even when all calls of one caller hang.
    private readonly int _maxOfOne = Math.Max(1, maxInside - maxInside / 8);
    private int _inside;
    private int _waiting;
    private long _arrivals;

    /// <summary>Asks to enter. Whoever is granted must <see cref="Leave"/>.</summary>
    public ValueTask<Entry> EnterAsync(string caller, CancellationToken cancellation)
    {
        Waiter waiter;
        Waiter? evicted = null;
        lock (_lock)
        {
            var lane = LaneOf(caller);
            if (_inside < maxInside && lane.Inside < _maxOfOne)
            {
                Admit(lane);
                return ValueTask.FromResult(Entry.Granted);
            }

            if (_waiting >= maxWaiting)
            {
                var longest = Longest();
                if (longest is null || longest.Waiting.Count <= lane.Waiting.Count + 1)
                {
                    Forget(lane);
                    return ValueTask.FromResult(Entry.Full);
                }

                evicted = longest.Waiting.Last!.Value;
                Remove(evicted);
            }

            waiter = new Waiter(lane, _arrivals++);
            waiter.Place = lane.Waiting.AddLast(waiter);
            _waiting++;
        }

        evicted?.Answer(Entry.Full);
        return WaitAsync(waiter, cancellation);
    }

    /// <summary>Gives a place back; the next one who waits gets it.</summary>
    public void Leave(string caller)
    {
        Waiter? next;
        lock (_lock)
        {
            var lane = _lanes[caller];
            lane.Inside--;
            _inside--;
            next = Next();
            if (next is not null)
            {
                Admit(next.Lane);
                Remove(next);
            }

            Forget(lane);
        }

        next?.Answer(Entry.Granted);
    }

    private async ValueTask<Entry> WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        try
        {
            return await waiter.Turn.WaitAsync(maxWait, time, cancellation);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            // An answer that came at the same moment counts.
            return TryGiveUp(waiter) ? Entry.Late : await waiter.Turn;
        }
    }

    private bool TryGiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place.List is null) return false;
            Remove(waiter);
            Forget(waiter.Lane);
            return true;
        }
    }

    /// <summary>The oldest call of whoever has the fewest inside.</summary>
    private Waiter? Next()
    {
        if (_waiting == 0) return null;
        Waiter? next = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Inside >= _maxOfOne || lane.Waiting.First is not { Value: var first }) continue;
            if (next is null || lane.Inside < next.Lane.Inside || (lane.Inside == next.Lane.Inside && first.Arrival < next.Arrival)) next = first;
        }

        return next;
    }

    private Lane? Longest()
    {
        Lane? longest = null;
        foreach (var lane in _lanes.Values)
            if (lane.Waiting.Count > (longest?.Waiting.Count ?? 0)) longest = lane;
        return longest;
    }

    private Lane LaneOf(string caller)
    {
        if (!_lanes.TryGetValue(caller, out var lane)) _lanes[caller] = lane = new Lane(caller);
        return lane;
    }

    private void Admit(Lane lane)
    {
        lane.Inside++;
        _inside++;
    }

    private void Remove(Waiter waiter)
    {
        waiter.Lane.Waiting.Remove(waiter.Place);
        _waiting--;
        Forget(waiter.Lane);
    }

    // Only who is inside or waits is known, so that the table is as bounded as they are.
    private void Forget(Lane lane)
    {
        if (lane.Inside == 0 && lane.Waiting.Count == 0) _lanes.Remove(lane.Caller);
    }

    private sealed class Lane(string caller)
    {
        public string Caller => caller;

        public int Inside { get; set; }

        public LinkedList<Waiter> Waiting { get; } = new();
    }

    private sealed class Waiter(Lane lane, long arrival)
    {
        private readonly TaskCompletionSource<Entry> _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Lane Lane => lane;

        public long Arrival => arrival;

        public LinkedListNode<Waiter> Place { get; set; } = null!;

        public Task<Entry> Turn => _turn.Task;

        public void Answer(Entry entry) => _turn.TrySetResult(entry);
    }
}
