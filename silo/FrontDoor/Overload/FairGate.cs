namespace AgentRuntime.FrontDoor.Overload;

/// <summary>
/// Lets a bounded number of calls in. While there is room everybody enters at once; then whoever has the fewest calls inside is next, and when too
/// many wait, the newest call of whoever has the most waiting goes. So one caller may use what nobody else wants, and no more than its share of what
/// others want too (max-min fairness). A share that has several lanes is divided among these in the same way.
/// </summary>
internal sealed class FairGate(int maxInside, int maxWaiting, TimeSpan maxWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CallerLane, Lane> _lanes = [];
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);

    // Nobody alone takes all places: others find one free even when all calls of one caller hang.
    private readonly int _maxOfOne = Math.Max(1, maxInside - maxInside / 8);
    private int _inside;
    private int _waiting;
    private long _arrivals;

    /// <summary>Asks to enter. Whoever is granted must <see cref="Leave"/>.</summary>
    public ValueTask<Entry> EnterAsync(CallerLane caller, CancellationToken cancellation)
    {
        Waiter waiter;
        Waiter? evicted = null;
        lock (_lock)
        {
            var lane = LaneOf(caller);
            if (_inside < maxInside && lane.Share.Inside < _maxOfOne)
            {
                Admit(lane);
                return ValueTask.FromResult(Entry.Granted);
            }

            if (_waiting >= maxWaiting)
            {
                var longest = Longest();
                if (longest is null || !HasMoreWaiting(longest, lane))
                {
                    Forget(lane);
                    return ValueTask.FromResult(Entry.Full);
                }

                evicted = longest.Waiting.Last!.Value;
                Remove(evicted);
            }

            waiter = new Waiter(lane, _arrivals++);
            waiter.Place = lane.Waiting.AddLast(waiter);
            lane.Share.Waiting++;
            _waiting++;
        }

        evicted?.Answer(Entry.Full);
        return WaitAsync(waiter, cancellation);
    }

    /// <summary>Counts a call that is inside against another lane; no if that one's share has all that it may have.</summary>
    public bool TryMove(CallerLane from, CallerLane to)
    {
        if (from == to) return true;
        Waiter? next;
        lock (_lock)
        {
            var (left, entered) = (_lanes[from], LaneOf(to));
            if (entered.Share != left.Share && entered.Share.Inside >= _maxOfOne)
            {
                Forget(entered);
                return false;
            }

            Admit(entered);
            next = Release(left);
        }

        next?.Answer(Entry.Granted);
        return true;
    }

    /// <summary>Gives a place back; the next one who waits gets it.</summary>
    public void Leave(CallerLane caller)
    {
        Waiter? next;
        lock (_lock) next = Release(_lanes[caller]);
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
        if (_waiting == 0 || _inside >= maxInside) return null;
        Waiter? next = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Share.Inside >= _maxOfOne || lane.Waiting.First is not { Value: var first }) continue;
            if (next is null || OrderOf(first).CompareTo(OrderOf(next)) < 0) next = first;
        }

        return next;
    }

    private static (int OfShare, int OfLane, long Arrival) OrderOf(Waiter waiter) => (waiter.Lane.Share.Inside, waiter.Lane.Inside, waiter.Arrival);

    private Lane? Longest()
    {
        Lane? longest = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Waiting.Count == 0) continue;
            if (longest is null || (lane.Share.Waiting, lane.Waiting.Count).CompareTo((longest.Share.Waiting, longest.Waiting.Count)) > 0) longest = lane;
        }

        return longest;
    }

    // Even with the call that comes now.
    private static bool HasMoreWaiting(Lane longest, Lane lane) =>
        longest.Share == lane.Share ? longest.Waiting.Count > lane.Waiting.Count + 1 : longest.Share.Waiting > lane.Share.Waiting + 1;

    private Lane LaneOf(CallerLane caller)
    {
        if (_lanes.TryGetValue(caller, out var lane)) return lane;
        if (!_shares.TryGetValue(caller.Share, out var share)) _shares[caller.Share] = share = new Share();
        return _lanes[caller] = new Lane(caller, share);
    }

    private void Admit(Lane lane)
    {
        lane.Inside++;
        lane.Share.Inside++;
        _inside++;
    }

    /// <returns>Who has the place now.</returns>
    private Waiter? Release(Lane lane)
    {
        lane.Inside--;
        lane.Share.Inside--;
        _inside--;
        var next = Next();
        if (next is not null)
        {
            Admit(next.Lane);
            Remove(next);
        }

        Forget(lane);
        return next;
    }

    private void Remove(Waiter waiter)
    {
        waiter.Lane.Waiting.Remove(waiter.Place);
        waiter.Lane.Share.Waiting--;
        _waiting--;
        Forget(waiter.Lane);
    }

    // Only who is inside or waits is known, so that the table is as bounded as they are.
    private void Forget(Lane lane)
    {
        if (lane.Inside > 0 || lane.Waiting.Count > 0) return;
        _lanes.Remove(lane.Caller);
        if (lane.Share is { Inside: 0, Waiting: 0 }) _shares.Remove(lane.Caller.Share);
    }

    private sealed class Share
    {
        public int Inside { get; set; }

        public int Waiting { get; set; }
    }

    private sealed class Lane(CallerLane caller, Share share)
    {
        public CallerLane Caller => caller;

        public Share Share => share;

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
