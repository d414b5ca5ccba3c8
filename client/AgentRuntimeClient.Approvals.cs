using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Client;

/// <content>Approvals. To follow them see <see cref="WatchApprovalsAsync"/>.</content>
public sealed partial class AgentRuntimeClient
{
    /// <summary>The approvals of the tenant, oldest first, page after page as they are read.</summary>
    /// <param name="state">Only those that stand so; by default those that wait. <see cref="ApprovalState.Unspecified"/> gives all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public IAsyncEnumerable<Approval> ListApprovalsAsync(ApprovalState state = ApprovalState.Pending, CancellationToken cancellationToken = default)
    {
        var request = new ListApprovalsRequest { Parent = _names.Parent, State = state };
        return Pages.ReadAsync<Approval>(
            async (token, cancellation) =>
            {
                request.PageToken = token;
                var answer = await Approvals.ListApprovalsAsync(request, cancellationToken: cancellation);
                return (answer.Approvals, answer.NextPageToken);
            },
            cancellationToken);
    }

    /// <summary>
    /// Decides an approval as the person whom the token names, who must be an approver and none of those who asked for the call. The run's journal
    /// picks the one winner; whoever comes later is refused with FAILED_PRECONDITION. The same decision again, by the same person with the same reason,
    /// returns the approval as it is.
    /// </summary>
    /// <param name="approval">The approval's name, or its id where the client knows the tenant.</param>
    /// <param name="verdict">The answer.</param>
    /// <param name="reason">Why, 1 to 1,000 characters; it is recorded.</param>
    /// <param name="cancellationToken">Gives up waiting. The decision may have been made.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public async Task<Approval> DecideApprovalAsync(string approval, ApprovalVerdict verdict, string reason, CancellationToken cancellationToken = default)
    {
        var request = new DecideApprovalRequest { Name = _names.Of("approvals", approval), Verdict = verdict, Reason = reason };
        return await Approvals.DecideApprovalAsync(request, cancellationToken: cancellationToken);
    }
}
