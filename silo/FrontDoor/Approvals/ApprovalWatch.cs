using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Approvals;

/// <summary>Follows the inbox of a tenant. One cheap look at its version per poll; the inbox is read only when that has changed.</summary>
internal sealed class ApprovalWatch(IApprovalInbox inbox, IOptions<FrontDoorOptions> options, TimeProvider time)
{
    public async Task SendAsync(TenantId tenant, IServerStreamWriter<V1.WatchApprovalsResponse> target, CancellationToken cancellation)
    {
        var poll = TimeSpan.FromMilliseconds(options.Value.WatchPollMilliseconds);
        var heartbeat = TimeSpan.FromSeconds(options.Value.HeartbeatSeconds);
        var pending = new Dictionary<ApprovalId, int>();
        long? seen = null;
        // The first word begins the answer, and gives the place at the gate back; where there is nothing to tell it is a heartbeat.
        long? quietSince = null;
        while (true)
        {
            var version = await inbox.GetVersionAsync(tenant, cancellation);
            if (version != seen)
            {
                // The version is read first: what comes in meanwhile is found again on the next look.
                seen = version;
                (pending, var hasSpoken) = await SendChangesAsync(tenant, pending, target, cancellation);
                if (hasSpoken) quietSince = time.GetTimestamp();
            }

            if (quietSince is not { } since || time.GetElapsedTime(since) >= heartbeat)
            {
                await target.WriteAsync(new V1.WatchApprovalsResponse { Heartbeat = new V1.Heartbeat() }, cancellation);
                quietSince = time.GetTimestamp();
            }

            await Task.Delay(poll, time, cancellation);
        }
    }

    private async Task<(Dictionary<ApprovalId, int> Pending, bool HasSpoken)> SendChangesAsync(
        TenantId tenant, Dictionary<ApprovalId, int> before, IServerStreamWriter<V1.WatchApprovalsResponse> target, CancellationToken cancellation)
    {
        var now = new Dictionary<ApprovalId, int>();
        var hasSpoken = false;
        string? after = null;
        do
        {
            var page = await inbox.ListAsync(tenant, ApprovalState.Pending, after, FrontDoorLimits.MaxPageSize, cancellation);
            foreach (var view in page.Approvals)
            {
                now[view.Approval] = view.ApprovedBy.Count;
                if (before.TryGetValue(view.Approval, out var approved) && approved == view.ApprovedBy.Count) continue;
                await SendAsync(view, tenant, target, cancellation);
                hasSpoken = true;
            }

            after = page.Next;
        }
        while (after is not null && now.Count < FrontDoorLimits.MaxWatchedApprovals);

        foreach (var gone in before.Keys.Where(id => !now.ContainsKey(id)))
        {
            if (await inbox.GetAsync(tenant, gone, cancellation) is not { } decided) continue;
            await SendAsync(decided, tenant, target, cancellation);
            hasSpoken = true;
        }

        return (now, hasSpoken);
    }

    private static Task SendAsync(
        ApprovalView view, TenantId tenant, IServerStreamWriter<V1.WatchApprovalsResponse> target, CancellationToken cancellation) =>
        target.WriteAsync(new V1.WatchApprovalsResponse { Approval = ApprovalMapping.ToWire(view, tenant) }, cancellation);
}
