using System.Diagnostics;

namespace AgentRuntime.Runs.Driving;

/// <summary>A command that waits for its turn in the run's one queue, and its caller.</summary>
internal sealed class PendingCommand(object command, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<object?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object Command => command;

    /// <summary>The caller's.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>The span in which it was given; default for none.</summary>
    public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

    public Task<object?> Answer => _answer.Task;

    public void Succeed(object? answer) => _answer.TrySetResult(answer);

    public void Fail(Exception failure) => _answer.TrySetException(failure);
}
