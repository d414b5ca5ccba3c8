namespace AgentRuntime.Testing;

/// <summary>Waits for what nobody signals, up to a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The task, or a failure at the deadline.</summary>
    public static Task InTimeAsync(this Task task) => task.WaitAsync(Patience);

    /// <summary>Asks again and again whether it <paramref name="holds"/>.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message says what was <paramref name="wanted"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> holds, string wanted)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not in time: {wanted}.");
            await Task.Delay(Pause);
        }
    }
}
