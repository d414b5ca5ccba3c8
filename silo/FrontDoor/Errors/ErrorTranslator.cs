using AgentRuntime.Common;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace AgentRuntime.FrontDoor.Errors;

/// <summary>Turns a failure into what a caller may see: code, culprit and fix, never a cause that was not meant for them.</summary>
internal static class ErrorTranslator
{
    public const string Domain = "agentruntime";

    private static readonly Duration RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));

    /// <summary>Whether <paramref name="fault"/> is one of ours, or must be logged because the caller sees no more than a trace id.</summary>
    public static bool IsExpected(Exception fault) => Recognise(fault) is not null;

    public static RpcException Translate(Exception fault, string traceId)
    {
        if (fault is RpcException already) return already;
        var known = Recognise(fault) ?? new AgentRuntimeException(
            ErrorCode.Internal, $"the runtime failed; give trace id {traceId} to its operator.");
        var info = new ErrorInfo { Reason = StatusTable.ReasonOf(known.Code), Domain = Domain };
        info.Metadata["trace_id"] = traceId;
        var status = new Status { Code = (int)StatusTable.For(known.Code), Message = Cut(known.Message), Details = { Any.Pack(info) } };
        if (known is InvalidInputException invalid)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = Cut(invalid.Field), Description = Cut(invalid.Message) };
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        }

        if (StatusTable.For(known.Code) == StatusCode.ResourceExhausted) status.Details.Add(Any.Pack(QuotaFailureOf(known)));
        if (known.IsTransient) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = known.RetryAfter is { } after ? Duration.FromTimeSpan(after) : RetryDelay }));
        return status.ToRpcException();
    }

    // Messages begin with the culprit.
    private static QuotaFailure QuotaFailureOf(AgentRuntimeException known)
    {
        var subject = known.Message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? known.Message[..end] : "";
        return new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = Cut(subject), Description = Cut(known.Message) } } };
    }

    private static AgentRuntimeException? Recognise(Exception fault) => fault switch
    {
        AgentRuntimeException known => known,
        // Orleans wraps what a grain's state says on reading and writing.
        OrleansException { InnerException: AgentRuntimeException known } => known,
        TimeoutException => new AgentRuntimeException(ErrorCode.Timeout, "the call took too long; get the resource to see whether it took effect.", isTransient: true),
        OperationCanceledException => new AgentRuntimeException(ErrorCode.Cancelled, "the call was cancelled."),
        SiloUnavailableException or OrleansMessageRejectionException or GatewayTooBusyException =>
            new AgentRuntimeException(ErrorCode.Unavailable, "the silo that holds the resource has just gone; try again.", isTransient: true),
        _ => null,
    };

    private static string Cut(string text) =>
        text.Length <= FrontDoorLimits.MaxErrorMessageChars ? text : text[..FrontDoorLimits.MaxErrorMessageChars];
}
