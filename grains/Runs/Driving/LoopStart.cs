namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Notices that a loop was to begin and did not. Orleans begins no timer of an activation that it ends while calls wait before the timer's turn, and ends it
/// only when the calls in progress have been answered: calls that wait for the loop would wait for ever, and the run with them. Used on the
/// activation's scheduler only.
/// </summary>
/// <param name="activation">Whose loop it is.</param>
/// <param name="time">The clock.</param>
/// <param name="missed">What is done when it did not begin in time.</param>
internal sealed class LoopStart(IGrainContext activation, TimeProvider time, Action missed) : IDisposable
{
    /// <summary>A timer that is due begins within milliseconds, on a silo that is overloaded within seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private ITimer? _patience;
    private bool _isExpected;

    public void Expect()
    {
        _isExpected = true;
        (_patience ??= Create()).Change(Patience, Timeout.InfiniteTimeSpan);
    }

    public void Began()
    {
        _isExpected = false;
        _patience?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _patience?.Dispose();

    private ITimer Create()
    {
        // What the first caller brings along must not live as long as the activation.
        using var nobodys = ExecutionContext.SuppressFlow();
        return time.CreateTimer(static start => ((LoopStart)start!).Return(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Return() => activation.Scheduler.QueueAction(() =>
    {
        if (_isExpected) missed();
    });
}
