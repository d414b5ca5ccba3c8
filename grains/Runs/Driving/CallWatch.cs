namespace AgentRuntime.Runs.Driving;

/// <summary>Waits for a model or tool call while the run's commands are served.</summary>
internal sealed class CallWatch(RunSession session, CommandQueue queue, CommandHandler handler, TimeProvider time)
{
    /// <summary>How long a cancelled call may take to stop before it is left behind.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(3);

    public StoreStall Stall(CancellationToken giveUp) => new(queue, time, giveUp);

    /// <summary>The outcome, or null when the run no longer wants it: killed, or someone else's by now.</summary>
    public async Task<T?> AwaitAsync<T>(Task<T> call, CancellationTokenSource stop)
        where T : class
    {
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, queue.Arrival());
            if (!queue.IsEmpty) await handler.HandleAllAsync(Flight.Open);
            if (session.IsStale) continue;
            if (session.State is not { IsTerminal: false } state || !session.Tenure.IsMine)
            {
                await stop.CancelAsync();
                Observe(call);
                return null;
            }

            if (state.Cancel is not null) return await StopAsync(call, stop);
        }

        return await call;
    }

    /// <summary>The outcome of a call that must be known: awaited even when the run is someone else's or was killed.</summary>
    public async Task<T?> AwaitToEndAsync<T>(Task<T> call, CancellationTokenSource stop)
        where T : class
    {
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, queue.Arrival());
            if (!queue.IsEmpty) await handler.HandleAllAsync(Flight.Open);
            if (session.IsStale) continue;
            if (session.State is not { IsTerminal: false, Cancel: null }) return await StopAsync(call, stop);
        }

        return await call;
    }

    /// <summary>Waits for a while, or until a command comes.</summary>
    public async Task WaitAsync(TimeSpan wait, CancellationToken handOver)
    {
        if (wait <= TimeSpan.Zero) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(handOver);
        await Task.WhenAny(Task.Delay(wait, time, stop.Token), queue.Arrival());
        await stop.CancelAsync();
    }

    private async Task<T?> StopAsync<T>(Task<T> call, CancellationTokenSource stop)
        where T : class
    {
        await stop.CancelAsync();
        if (await Task.WhenAny(call, Task.Delay(CancelGrace, time)) == call) return await call;
        Observe(call);
        return null;
    }

    private static void Observe(Task call) => call.ContinueWith(
        static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
