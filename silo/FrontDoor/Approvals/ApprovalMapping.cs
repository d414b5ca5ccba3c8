using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Approvals;

/// <summary>Approvals as they stand on the wire.</summary>
internal static class ApprovalMapping
{
    public static V1.Approval ToWire(ApprovalView view, TenantId tenant)
    {
        var approval = new V1.Approval
        {
            Name = ResourceName.OfApproval(tenant, view.Approval.Value),
            Run = ResourceName.OfRun(tenant, view.Run),
            Agent = ResourceName.OfAgent(tenant, view.Agent),
            Kind = (V1.ApprovalKind)view.Kind,
            State = (V1.ApprovalState)view.State,
            Step = view.Step,
            Call = view.Call,
            Tool = ResourceName.OfTool(tenant, view.Tool),
            Risk = (V1.RiskLevel)view.Risk,
            ContractHash = view.ContractHash,
            ArgumentsHash = view.ArgumentsHash,
            PolicyHash = view.PolicyHash,
            ArgumentsJson = view.Arguments,
            RequestedBy = view.RequestedBy,
            RequiredPeople = view.RequiredPeople,
            ApprovedBy = { view.ApprovedBy },
            CreateTime = view.CreatedAt.ToTimestamp(),
            ExpireTime = view.ExpiresAt.ToTimestamp(),
        };
        if (view.Reason is not null) approval.Reason = view.Reason;
        return approval;
    }

    /// <summary>A filter's state; null for any.</summary>
    public static ApprovalState? FromWire(V1.ApprovalState state) => state switch
    {
        V1.ApprovalState.Unspecified => null,
        _ when System.Enum.IsDefined((ApprovalState)state) => (ApprovalState)state,
        _ => throw new InvalidInputException("state", "is no state of an approval."),
    };

    public static ApprovalVerdict FromWire(V1.ApprovalVerdict verdict) => System.Enum.IsDefined((ApprovalVerdict)verdict)
        ? (ApprovalVerdict)verdict
        : throw new InvalidInputException("verdict", "must be one of APPROVE, DENY, HAPPENED, DID_NOT_HAPPEN and RETRY.");
}
