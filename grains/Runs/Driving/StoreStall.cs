using AgentRuntime.Common;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Waits while the store cannot write what has happened. Callers that ask meanwhile are told the store's failure: nothing can be appended for
/// them either.
/// </summary>
internal sealed class StoreStall(CommandQueue queue, TimeProvider time, CancellationToken giveUp)
{
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private TimeSpan _wait = FirstWait;

    /// <summary>Does <paramref name="work"/>, again and again while the store cannot.</summary>
    /// <param name="work">The work.</param>
    /// <param name="failed">How it has failed already; null when it was not tried yet.</param>
    /// <exception cref="OperationCanceledException">It is time to give up.</exception>
    public async Task<T> InsistAsync<T>(Func<ValueTask<T>> work, AgentRuntimeException? failed = null)
    {
        if (failed is not null) await WaitAsync(failed);
        while (true)
        {
            try
            {
                return await work();
            }
            catch (AgentRuntimeException failure) when (failure.IsTransient)
            {
                await WaitAsync(failure);
            }
        }
    }

    private async Task WaitAsync(AgentRuntimeException failure)
    {
        var pause = Task.Delay(_wait, time, giveUp);
        while (await Task.WhenAny(pause, queue.Arrival()) != pause)
        {
            while (queue.TryDequeue(out var pending)) pending.Fail(failure);
        }

        await pause;
        _wait = _wait * 2 < MaxWait ? _wait * 2 : MaxWait;
    }
}
