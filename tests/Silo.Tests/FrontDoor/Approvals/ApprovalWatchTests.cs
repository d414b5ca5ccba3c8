using System.Threading.Channels;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Approvals;
using AgentRuntime.Runs.Index;
using AgentRuntime.Testing;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Silo.Tests.FrontDoor.Approvals;

public sealed class ApprovalWatchTests : IDisposable
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private readonly CancellationTokenSource _leaving = new();

    public void Dispose() => _leaving.Dispose();

    [Fact]
    public async Task SendAsync_NothingWaitsAndTheInboxChangesAtEveryLook_BeginsWithAHeartbeat()
    {
        var (words, watch) = Watch(new BusyInbox());

        Assert.NotNull((await NextAsync(words)).Heartbeat);

        await LeaveAsync(watch);
    }

    [Fact]
    public async Task SendAsync_InboxChangesAtEveryLookButNotWhatIsSent_SendsHeartbeats()
    {
        var (words, watch) = Watch(new BusyInbox(Waiting("a-1")));

        Assert.EndsWith("/a-1", (await NextAsync(words)).Approval.Name, StringComparison.Ordinal);
        Assert.NotNull((await NextAsync(words)).Heartbeat);

        await LeaveAsync(watch);
    }

    private static async Task<V1.WatchApprovalsResponse> NextAsync(ChannelReader<V1.WatchApprovalsResponse> words)
    {
        var next = words.ReadAsync().AsTask();
        await next.InTimeAsync();
        return await next;
    }

    private (ChannelReader<V1.WatchApprovalsResponse> Words, Task Watch) Watch(IApprovalInbox inbox)
    {
        var options = Options.Create(new FrontDoorOptions { HeartbeatSeconds = 1, WatchPollMilliseconds = 10 });
        var words = Channel.CreateUnbounded<V1.WatchApprovalsResponse>();
        return (words.Reader, new ApprovalWatch(inbox, options, TimeProvider.System).SendAsync(Tenant, new ChannelTarget(words.Writer), _leaving.Token));
    }

    private async Task LeaveAsync(Task watch)
    {
        await _leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    private static ApprovalView Waiting(string id) => new(
        ApprovalId.Parse(id), "run-1", "agent", ApprovalKind.Call, ApprovalState.Pending, 1, 0, "pay", RiskLevel.Write, "", "", "", "{}", "idp||app", 1, [], null,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

    /// <summary>Has a new version at each look, though the same approvals wait: others come and go where they are not seen.</summary>
    private sealed class BusyInbox(params ApprovalView[] waiting) : IApprovalInbox
    {
        private long _version;

        public Task<ApprovalView?> GetAsync(TenantId tenant, ApprovalId approval, CancellationToken cancellation) =>
            Task.FromResult(waiting.FirstOrDefault(view => view.Approval == approval));

        public Task<ApprovalPage> ListAsync(TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation) =>
            Task.FromResult(new ApprovalPage(waiting, null));

        public Task<long> GetVersionAsync(TenantId tenant, CancellationToken cancellation) => Task.FromResult(++_version);

        public Task<long> CountWaitingAsync(CancellationToken cancellation) => Task.FromResult((long)waiting.Length);
    }

    private sealed class ChannelTarget(ChannelWriter<V1.WatchApprovalsResponse> words) : IServerStreamWriter<V1.WatchApprovalsResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.WatchApprovalsResponse message) => words.WriteAsync(message).AsTask();

        Task IAsyncStreamWriter<V1.WatchApprovalsResponse>.WriteAsync(V1.WatchApprovalsResponse message, CancellationToken cancellationToken) =>
            words.WriteAsync(message, cancellationToken).AsTask();
    }
}
