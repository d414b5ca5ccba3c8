using System.Threading.Channels;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>
/// What one watcher hears of a run's replies before they are recorded. The records decide what of it still counts: they come by the watch,
/// in order, and the pieces by themselves, perhaps late, perhaps not at all.
/// </summary>
internal sealed class DeltaFeed : IRunDeltaObserver, IDisposable
{
    /// <summary>Pieces that wait for a slow client; the oldest go first, and the client sees the gap by their offsets.</summary>
    private const int MaxWaiting = 1_024;

    /// <summary>Well inside the lease, so that it does not end.</summary>
    private static readonly TimeSpan Renewal = ISpokenRunGrain.FollowLease / 3;

    /// <summary>A run that is not driven now may be in a moment; the longer it is not, the less often it is asked.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly Channel<RunDelta> _pieces =
        Channel.CreateBounded<RunDelta>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ISpokenRunGrain _run;
    private readonly IRunDeltaObserver _self;
    private Task<bool> _asking = Task.FromResult(false);
    private Task<bool> _heard = Task.FromResult(true);
    private long? _askedAt;
    private TimeSpan _retry = FirstRetry;
    private RunDelta? _newest;
    private bool _waits;
    private int _step;
    private int _voidedAttempt;

    public DeltaFeed(IGrainFactory grains, RunKey run, TimeProvider time)
    {
        (_grains, _time) = (grains, time);
        _run = grains.GetGrain<ISpokenRunGrain>(AgentRunGrainKey.For(run.Tenant, run.Run));
        _self = grains.CreateObjectReference<IRunDeltaObserver>(this);
    }

    public Task SayAsync(RunDelta delta)
    {
        _pieces.Writer.TryWrite(delta);
        return Task.CompletedTask;
    }

    /// <summary>Completes when there is a piece.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        // One that still waits is waited for again: the channel keeps each until there is a piece, which may be never.
        if (_heard.IsCompleted) _heard = _pieces.Reader.WaitToReadAsync(cancellation).AsTask();
        return _heard;
    }

    /// <summary>The next piece that still counts; null when there is none now.</summary>
    public RunDelta? Next()
    {
        while (_pieces.Reader.TryRead(out var piece))
        {
            if (piece.Step > _step && (piece.Step > _step + 1 || piece.Attempt > _voidedAttempt)) return _newest = piece;
        }

        return null;
    }

    /// <summary>Takes note of a record. Says which attempt it makes void, if it does.</summary>
    public V1.DeltasVoided? Note(StoredRecord stored)
    {
        _waits = stored.Record is ApprovalRequested or RunPaused or ModelReplied { NeedsPerson: true };
        _retry = FirstRetry;
        switch (stored.Record)
        {
            case ModelReplied reply:
                (_step, _voidedAttempt) = (reply.Step, 0);
                return null;
            case AttemptFailed { Call: null } failed:
                return Void(failed.Step, failed.Attempt, stored);
            case AttemptLost { Call: null } lost:
                // Whoever goes on drives the run elsewhere.
                _askedAt = null;
                return Void(lost.Step, lost.Attempt, stored);
            case ApprovalDecided or InputReceived or RunResumed:
                _askedAt = null;
                return null;
            case LimitReached or RunFailed or RunCancelled when _newest is { } piece && piece.Step > _step && piece.Attempt > _voidedAttempt:
                // The reply was given up.
                return Void(piece.Step, piece.Attempt, stored);
            default:
                return null;
        }
    }

    /// <summary>Asks to hear the run, when it is time to. A run that waits is left asleep.</summary>
    public void Renew()
    {
        if (_waits || !_asking.IsCompleted) return;
        var follows = _asking is { IsCompletedSuccessfully: true, Result: true };
        if (_askedAt is { } at && _time.GetElapsedTime(at) < (follows ? Renewal : _retry)) return;
        _retry = follows ? FirstRetry : _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
        _askedAt = _time.GetTimestamp();
        _asking = _run.FollowAsync(_self);
        _asking.Ignore();
    }

    public void Dispose() => _grains.DeleteObjectReference<IRunDeltaObserver>(_self);

    private V1.DeltasVoided Void(int step, int attempt, StoredRecord stored)
    {
        _voidedAttempt = attempt;
        return new V1.DeltasVoided { Step = step, Attempt = attempt, Seq = stored.Header.Seq };
    }
}
