using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor;

/// <summary>One open watch. It ends with its call, with its silo and with its credential; after the last two the client goes on elsewhere.</summary>
internal sealed class WatchSlot : IDisposable
{
    private readonly Action _leave;
    private readonly CancellationToken _callCancelled;
    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _any;

    public WatchSlot(Action leave, TimeSpan lifetime, TimeProvider time, CancellationToken stopping, CancellationToken callCancelled)
    {
        _leave = leave;
        _callCancelled = callCancelled;
        _expiry = new CancellationTokenSource(lifetime > TimeSpan.Zero ? lifetime : TimeSpan.Zero, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(callCancelled, stopping, _expiry.Token);
    }

    public async Task RunAsync(Func<CancellationToken, Task> watch)
    {
        try
        {
            await watch(_any.Token);
        }
        catch (OperationCanceledException) when (_any.IsCancellationRequested && !_callCancelled.IsCancellationRequested)
        {
            throw new AgentRuntimeException(
                ErrorCode.Unavailable,
                _expiry.IsCancellationRequested ? "watch: the credential ended; go on with a new one." : "watch: this silo stops; go on at another.",
                isTransient: true);
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _expiry.Dispose();
        _leave();
    }
}
