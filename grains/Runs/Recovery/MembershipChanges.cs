namespace AgentRuntime.Runs.Recovery;

/// <summary>Membership changes as tasks. Once the stream ends there is no next one.</summary>
internal sealed class MembershipChanges(IAsyncEnumerable<ClusterMembershipSnapshot> updates, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ClusterMembershipSnapshot> _updates = updates.GetAsyncEnumerator(stop);
    private Task<bool>? _next;

    /// <summary>Completes at the next change.</summary>
    public Task Next
    {
        get
        {
            if (_next is { IsCompleted: true } ended && (!ended.IsCompletedSuccessfully || !ended.Result)) return Task.Delay(Timeout.Infinite, stop);
            if (_next is null or { IsCompleted: true }) _next = _updates.MoveNextAsync().AsTask();
            return _next;
        }
    }

    // An enumerator must not be disposed while it moves; the stop token ends that.
    public async ValueTask DisposeAsync()
    {
        if (_next is not null) await Task.WhenAny(_next);
        if (_next is null or { IsCompletedSuccessfully: true }) await _updates.DisposeAsync();
    }
}
