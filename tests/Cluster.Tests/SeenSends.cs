using AgentRuntime.Runs;

namespace AgentRuntime.Cluster.Tests;

/// <summary>Sees inputs arrive at runs of a silo, and that a caller has left.</summary>
internal sealed class SeenSends : IIncomingGrainCallFilter, IDisposable
{
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run's grain knows that a caller has left.</summary>
    public Task Left => _left.Task;

    /// <summary>Waits for an input that nobody has waited for yet.</summary>
    public Task<bool> ArrivalAsync(TimeSpan patience, CancellationToken cancellation) => _arrived.WaitAsync(patience, cancellation);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.Name == nameof(IAgentRunGrain.SendAsync))
        {
            context.Request.GetCancellationToken().UnsafeRegister(static left => ((TaskCompletionSource)left!).TrySetResult(), _left);
            _arrived.Release();
        }

        await context.Invoke();
    }

    public void Dispose() => _arrived.Dispose();
}
