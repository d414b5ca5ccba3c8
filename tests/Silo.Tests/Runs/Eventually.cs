namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Waits for what nobody signals, up to a deadline.</summary>
internal static class Eventually
{
    /// <summary>The task, or a failure at the deadline.</summary>
    public static Task InTimeAsync(this Task task) => task.WaitAsync(TestRun.Patience);

    public static async Task TrueAsync(Func<Task<bool>> holds, string wanted)
    {
        using var deadline = new CancellationTokenSource(TestRun.Patience);
        while (!await holds())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not in time: {wanted}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
