using AgentRuntime.Common;

namespace AgentRuntime.Runs.Driving;

/// <summary>The commands of one activation, in order of arrival. Used on the activation's scheduler only.</summary>
internal sealed class CommandQueue
{
    /// <summary>Commands that may wait; one more is refused rather than kept.</summary>
    public const int MaxWaiting = 1_000;

    private readonly Queue<PendingCommand> _waiting = new();
    private TaskCompletionSource? _arrival;

    public bool IsEmpty => _waiting.Count == 0;

    /// <param name="command">The command.</param>
    /// <param name="cancellation">Its caller's: a command whose caller has gone before its turn comes is not carried out.</param>
    public Task<object?> Enqueue(object command, CancellationToken cancellation)
    {
        if (_waiting.Count >= MaxWaiting)
            throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"run: more than {MaxWaiting} commands wait; try again.", isTransient: true);
        var pending = new PendingCommand(command, cancellation);
        _waiting.Enqueue(pending);
        _arrival?.TrySetResult();
        return pending.Answer;
    }

    public bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingCommand? command) => _waiting.TryDequeue(out command);

    /// <summary>Completes when a command waits.</summary>
    public Task Arrival()
    {
        if (!IsEmpty) return Task.CompletedTask;
        if (_arrival is null or { Task.IsCompleted: true }) _arrival = new TaskCompletionSource();
        return _arrival.Task;
    }
}
