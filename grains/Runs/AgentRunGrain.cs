using AgentRuntime.Approvals;
using AgentRuntime.Runs.Deltas;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Sessions;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Runs;

/// <summary>
/// The activation of a run. Its loop is neither a long request (which Orleans would cut off, and which would hold up cancel and status) nor a
/// detached task (the activation would look idle): a one-shot timer starts it, keeps the activation alive, and lets every call interleave.
/// </summary>
internal sealed partial class AgentRunGrain(RunDriverFactory factory, ILogger<AgentRunGrain> log) : Grain, IAgentRunGrain, ISpokenRunGrain
{
    /// <summary>After a failure that nobody expected the loop starts again after this long, doubling up to <see cref="MaxRestartWait"/>.</summary>
    private static readonly TimeSpan RestartWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxRestartWait = TimeSpan.FromMinutes(1);

    private readonly CommandQueue _queue = new();
    private readonly DeltaFollowers _followers = new();
    private readonly FaultStreak _faults = new();
    private RunDriver _driver = null!;
    private LoopStart _start = null!;
    private RunKey _key;
    private IGrainTimer? _loop;
    private bool _isRunning;
    private DateTimeOffset _restartAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var (tenant, run) = AgentRunGrainKey.Parse(this.GetPrimaryKeyString());
        _key = new RunKey(tenant, run);
        _driver = factory.Create(_key, _queue, _followers);
        _start = factory.Watch(GrainContext, FailWaiting);
        return Task.CompletedTask;
    }

    /// <summary>Whatever ended this activation, the run must not stay with it.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _start.Dispose();
        FailWaiting();
        try
        {
            await _driver.ReleaseAsync().WaitAsync(cancellationToken);
        }
        catch (Exception fault)
        {
            // The poller finds a run that this silo holds and does not drive.
            LogNotReleased(fault, _key);
        }
    }

    public async Task<RunView> StartAsync(StartRun command, CancellationToken cancellation) => (RunView)(await EnqueueAsync(command, cancellation))!;

    public async Task<RunView> ForkAsync(ForkRun command, CancellationToken cancellation) => (RunView)(await EnqueueAsync(command, cancellation))!;

    public async Task<RunView> SendAsync(SendInput command, CancellationToken cancellation) => (RunView)(await EnqueueAsync(command, cancellation))!;

    public async Task<RunView?> GetAsync(CancellationToken cancellation) => (RunView?)await EnqueueAsync(GetRun.Instance, cancellation);

    public async Task<SpokenSoFar?> GetSpokenAsync(CancellationToken cancellation) => (SpokenSoFar?)await EnqueueAsync(GetSpoken.Instance, cancellation);

    public Task<bool> FollowAsync(IRunDeltaObserver observer)
    {
        if (_isRunning) return Task.FromResult(_followers.Add(observer, factory.Now));

        // A watcher keeps nothing awake: what is said next is said where the run is driven then.
        if (_loop is null) DeactivateOnIdle();
        return Task.FromResult(false);
    }

    public async Task<RunView> ControlAsync(ControlRun command, CancellationToken cancellation) => (RunView)(await EnqueueAsync(command, cancellation))!;

    public async Task<ApprovalView> DecideAsync(DecideApproval command, CancellationToken cancellation) =>
        (ApprovalView)(await EnqueueAsync(command, cancellation))!;

    // A run that waits to be tried again is not tried sooner because the poller looks, nor never because its timer was lost.
    public Task WakeAsync() => !_isRunning && factory.Now < _restartAt ? Task.CompletedTask : EnqueueAsync(WakeRun.Instance, CancellationToken.None);

    private Task<object?> EnqueueAsync(object command, CancellationToken cancellation)
    {
        var answer = _queue.Enqueue(command, cancellation);
        if (!_isRunning) StartLoop(TimeSpan.Zero);
        return answer;
    }

    private void StartLoop(TimeSpan wait)
    {
        _isRunning = wait == TimeSpan.Zero;
        if (_isRunning) _start.Expect();
        _loop?.Dispose();
        _loop = this.RegisterGrainTimer(
            static (grain, stop) => grain.RunLoopAsync(stop),
            this,
            new GrainTimerCreationOptions { DueTime = wait, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
    }

    private async Task RunLoopAsync(CancellationToken handOver)
    {
        _isRunning = true;
        _start.Began();
        factory.Driven.Add(_key);
        try
        {
            using var shutdown = factory.LinkShutdown(handOver);
            var hasMore = await _driver.DriveAsync(shutdown.Token);
            _faults.End();
            // Between the driver's last look at the queue and here nothing else ran, so nothing is left behind.
            if (hasMore)
            {
                StartLoop(TimeSpan.Zero);
                return;
            }

            _isRunning = false;
            DeactivateOnIdle();
        }
        catch (OperationCanceledException) when (handOver.IsCancellationRequested)
        {
            _isRunning = false;
            FailWaiting();
        }
        catch (Exception fault)
        {
            LogFault(fault, _key);
            await RestartAsync(fault);
        }
        finally
        {
            factory.Driven.Remove(_key);
        }
    }

    /// <summary>Goes on from the journal later, or ends the run where that is of no use. Callers that wait are told now.</summary>
    private async Task RestartAsync(Exception fault)
    {
        FailWaiting();
        var isHopeless = _faults.Add(fault, _driver.HasProgressed);
        _driver = factory.Create(_key, _queue, _followers);
        var wait = RestartWait * Math.Pow(2, Math.Min(_faults.Count - 1, 10));
        if (wait > MaxRestartWait) wait = MaxRestartWait;
        if (isHopeless && await TryGiveUpAsync()) wait = TimeSpan.Zero;
        _restartAt = factory.Now + wait;
        StartLoop(wait);
        _ = _queue.Enqueue(WakeRun.Instance, CancellationToken.None);
    }

    private async Task<bool> TryGiveUpAsync()
    {
        try
        {
            return await _driver.TryGiveUpAsync(FaultStreak.MaxEqual);
        }
        catch (Exception fault)
        {
            LogFault(fault, _key);
            _driver = factory.Create(_key, _queue, _followers);
            return false;
        }
    }

    private void FailWaiting()
    {
        while (_queue.TryDequeue(out var pending))
            pending.Fail(new Common.AgentRuntimeException(ErrorCode.Unavailable, $"run {_key.Run}: cannot be driven for now; try again.", isTransient: true));
    }
}
